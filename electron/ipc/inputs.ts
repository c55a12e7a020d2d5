import { z } from 'zod'

const path = z
  .string()
  .min(1)
  .max(4096)
  .refine((text) => !text.includes('\0'), 'must not contain NUL')
/** A reference of an image, or the path of an archive or layout. */
const image = path
const jobId = z.string().regex(/^[\w-]{1,64}$/)
const comparisonId = z.string().regex(/^comparison-\d{1,9}$/)
const nothing = z.strictObject({})
const role = z.enum(['before', 'after'])
/** A Dockerfile of a megabyte is a mistake. */
const choice = z.strictObject({ id: z.string().min(1).max(4200), text: z.string().max(1_000_000).optional() })

/** Place among the variants of a ladder. */
const rung = z.int().min(0).max(39)

/** What a page can be handed at once. */
const largestFileBytes = 256 * 1024 * 1024

const runRequest = z.strictObject({
  input: z.string().max(1_000_000),
  seconds: z.number().min(1).max(300),
  port: z.int().min(1).max(65_535).optional(),
  /** Goes into a request line. */
  path: z.string().regex(/^\/[!-~]{0,1000}$/),
  hasNetwork: z.boolean(),
})

/** What each request takes. Inputs come from a page and are not trusted. */
export const inputs = {
  'app.state': nothing,
  'engine.status': nothing,
  'engine.list': nothing,
  /** Without an address: the first that answers. */
  'engine.choose': z.strictObject({ address: z.string().min(1).max(1000).optional() }),
  'folder.choose': nothing,
  'file.choose': nothing,
  'folder.list': z.strictObject({ path: path.optional() }),
  'project.open': z.strictObject({ path }),
  'recent.state': nothing,
  'recent.forget': z.strictObject({ path }),
  'variant.view': z.strictObject({ path, role, choice }),
  'variant.build': z.strictObject({ jobId, path, before: choice, after: choice, noCache: z.boolean() }),
  'build.log': z.strictObject({ jobId, role, step: z.int().min(0).max(10_000) }),
  'build.stages': z.strictObject({ jobId, buildId: jobId, isAsked: z.boolean() }),
  'ladder.build': z.strictObject({ jobId, path, choices: z.array(choice).min(1).max(40), noCache: z.boolean() }),
  'ladder.pair': z.strictObject({ ladderId: jobId, buildId: jobId, before: rung, after: rung }),
  'image.list': nothing,
  'image.open': z.strictObject({ jobId, before: image, after: image.optional() }),
  'image.examine': z.strictObject({ jobId, comparisonId }),
  'comparison.open': z.strictObject({ jobId, buildId: jobId }),
  'comparison.examine': z.strictObject({ jobId, buildId: jobId }),
  'comparison.classes': z.strictObject({ comparisonId }),
  'comparison.matrix': z.strictObject({ jobId, buildId: jobId, runs: z.int().min(1).max(20) }),
  'comparison.secrets': z.strictObject({ comparisonId }),
  'comparison.save': z.strictObject({ comparisonId, includesSecrets: z.boolean() }),
  'comparison.report': z.strictObject({ comparisonId, includesSecrets: z.boolean() }),
  'comparison.scan': z.strictObject({ jobId, comparisonId }),
  'comparison.run': z.strictObject({ jobId, comparisonId, request: runRequest }),
  'comparison.tree': z.strictObject({ comparisonId }),
  'comparison.entry': z.strictObject({ comparisonId, node: z.int().min(0) }),
  'comparison.file': z.strictObject({
    jobId,
    comparisonId,
    node: z.int().min(0),
    side: role,
    limitBytes: z.int().min(1).max(largestFileBytes),
  }),
  'comparison.hidden': z.strictObject({
    jobId,
    comparisonId,
    side: role,
    layer: z.int().min(0).max(1000),
    node: z.int().min(0),
    limitBytes: z.int().min(1).max(largestFileBytes),
  }),
  'settings.state': nothing,
  'settings.change': z.strictObject({ readsEngineFiles: z.boolean() }),
  'cache.clear': nothing,
  'job.cancel': z.strictObject({ jobId }),
} as const
