import { librariesOf, systemPackages } from './packages'
import { noExtras, type SplitPlan, type SplitRule } from './plan'
import { runs } from './single-stage'
import { baseName } from './slim-base'

const extensionTools = /^docker-php-ext-|^pecl$|^install-php-extensions$/

/** PHP on its official image: compiled extensions with their settings, and the project; Composer, git and headers stay behind. */
export const phpRule: SplitRule = (single) => {
  const { image, isAlpine } = baseName(single.base)
  if (image !== 'php') return undefined
  if (isAlpine)
    return { refusal: 'it installs packages with apk, and which of them its extensions need to run cannot be told.' }
  const extensions = single.commands.some(({ words }) => extensionTools.test(words[0]!))
  const hasComposer = runs(single, 'composer').length > 0
  const { runtime, build } = systemPackages(single)
  const kept = runtime.filter((name) => !/^(unzip|zip|curl|wget)$/.test(name) || !hasComposer)
  const { libraries, doubts: libraryDoubts } = librariesOf(build, baseName(single.base).isAlpine)
  if (!extensions && !hasComposer && build.length === 0)
    return { refusal: 'it builds nothing, so a second stage would leave nothing behind.' }
  return {
    ...noExtras,
    language: 'PHP',
    runtimeBase: single.base,
    baseReason:
      'The same image: PHP has no smaller one with Debian; what was installed for building stays in the build stage.',
    inserts: withoutDevelopment(single, hasComposer),
    packages: [...kept, ...libraries],
    copies: [
      ...(extensions
        ? [
            { path: '/usr/local/lib/php/extensions', reason: 'The extensions that were compiled.' },
            { path: '/usr/local/etc/php', reason: 'The settings that load them.' },
          ]
        : []),
      ...(touchesApache(single)
        ? [{ path: '/etc/apache2', reason: 'The web server’s settings, which a RUN changes.' }]
        : []),
      { path: single.workdir, reason: 'The project’s own files, with what Composer installed.' },
    ],
    doubts: libraryDoubts,
  }
}

const touchesApache = ({ commands }: Parameters<SplitRule>[0]): boolean =>
  commands.some(({ words }) => /^a2(en|dis)/.test(words[0]!) || words.some((word) => word.startsWith('/etc/apache2')))

/** Composer removes what only development needs when it is asked again; nothing is fetched for that. */
function withoutDevelopment(single: Parameters<SplitRule>[0], hasComposer: boolean): SplitPlan['inserts'] {
  const isLean =
    runs(single, 'composer').some(({ words }) => words.includes('--no-dev')) || single.env.COMPOSER_NO_DEV === '1'
  const hasDevelopment = /"require-dev"\s*:\s*\{\s*"/.test(single.files.text('composer.json') ?? '')
  if (!hasComposer || isLean || !hasDevelopment) return []
  const reason = 'Packages that only development needs are removed before the rest is copied.'
  return [{ before: undefined, lines: ['RUN composer install --no-dev --optimize-autoloader'], reason }]
}
