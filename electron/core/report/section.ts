/** Cells in rows; the first row is the head. */
export type Rows = readonly (readonly string[])[]

/** A part of a report: a table, a paragraph, or text whose spaces matter. */
export type Section = Rows | string | { readonly code: string }
