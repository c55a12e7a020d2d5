import { joinPath } from '../../dockerfile/stage-state'
import { systemPackages } from './packages'
import { noExtras, type SplitRule } from './plan'
import { flagOf, runs } from './single-stage'

/** .NET: what `dotnet publish` writes, on the runtime of the same version. */
export const dotnetRule: SplitRule = (single) => {
  const [publish] = runs(single, 'dotnet', 'publish')
  const isSdk = /\/dotnet\/sdk[:@]/.test(single.base)
  if (publish === undefined)
    return isSdk ? { refusal: 'no RUN publishes it; `dotnet run` compiles whenever the container starts.' } : undefined
  const output = flagOf(publish, '-o', '--output')
  if (!isSdk) return { refusal: 'it installs .NET itself; on an official sdk image its runtime could be taken.' }
  if (output === undefined) return { refusal: 'its publish has no --output, so what to keep cannot be told.' }
  const folder = joinPath(publish.workdir, output)
  const started = single.program?.words.find(
    (word) => word.endsWith('.dll') || word.startsWith('/') || word.startsWith('./'),
  )
  if (started === undefined || !joinPath(single.workdir, started).startsWith(`${folder}/`))
    return { refusal: `its command does not run what is published in ${folder}.` }
  return {
    ...noExtras,
    language: '.NET',
    runtimeBase: single.base.replace('/dotnet/sdk', '/dotnet/aspnet'),
    baseReason: 'The runtime of the same version, for web and console programs; the SDK stays in the build stage.',
    packages: systemPackages(single).runtime,
    copies: [{ path: folder, reason: 'What publish wrote is all that the runtime needs.' }],
    doubts: ['The runtime image listens on port 8080 where the program leaves that to its environment.'],
  }
}
