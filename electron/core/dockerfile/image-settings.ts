import type { Instruction } from './parse'

const keywords = new Set([
  'CMD',
  'ENTRYPOINT',
  'HEALTHCHECK',
  'EXPOSE',
  'LABEL',
  'VOLUME',
  'STOPSIGNAL',
  'ONBUILD',
  'MAINTAINER',
])

/** Whether an instruction says something of the image and changes nothing that a later RUN sees. */
export const isImageSetting = ({ keyword }: Instruction): boolean => keywords.has(keyword)
