import { expect, test } from 'vitest'
import { layerOrigins } from '../../../electron/core/build/layer-origins'
import { parseStages } from '../../../electron/core/dockerfile/stages'

const origins = (text: string, layers: readonly string[], target?: number): (string | null)[] => {
  const staged = parseStages(text).value
  const at = target ?? staged.stages.length - 1
  const found = layerOrigins(
    layers.map((createdBy) => ({ createdBy })),
    staged,
    at,
  )
  return found.map((origin) => origin && `${origin.stage}:${origin.line}`)
}

const text = `FROM debian AS base
RUN apt-get update
FROM base AS build
WORKDIR /src
COPY . .
RUN make
FROM base
WORKDIR /app
COPY --from=build /src/out /app/out
USER 1000
`

test('each layer has the line and stage that made it, through stages that stand on others', () => {
  expect(origins(text, ['', 'RUN apt-get update', 'WORKDIR /src', 'COPY . .', 'RUN make'], 1)).toEqual([
    null,
    'base:2',
    'build:4',
    'build:5',
    'build:6',
  ])
})

test('a WORKDIR that was there makes no layer', () => {
  expect(origins(text, ['', 'RUN apt-get update', 'COPY /src/out /app/out'])).toEqual([null, 'base:2', 'stage-2:9'])
})

test('a layer that fits no step ends the walk: nothing is guessed', () => {
  expect(origins(text, ['RUN base image', 'ADD x', 'COPY /src/out /app/out'])).toEqual([null, null, 'stage-2:9'])
  expect(origins('FROM scratch\n', ['COPY a'])).toEqual([null])
})
