import type { ReactElement, ReactNode } from 'react'

interface DataTableProps {
  readonly className: string
  /** Titles; one in `hidden` is for screen readers alone. */
  readonly columns: readonly (string | { readonly hidden: string })[]
  /** Rows of the body. */
  readonly children: ReactNode
  readonly testId?: string
}

/** A table of figures that scrolls by itself where it is wider than the page. */
export function DataTable({ className, columns, children, testId }: DataTableProps): ReactElement {
  return (
    <div className="wide-table">
      <table className={className} data-testid={testId}>
        <thead>
          <tr>
            {columns.map((column) =>
              typeof column === 'string' ? (
                <th key={column} scope="col">
                  {column}
                </th>
              ) : (
                <th key={column.hidden} scope="col">
                  <span className="visually-hidden">{column.hidden}</span>
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  )
}
