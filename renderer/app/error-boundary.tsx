import { Component, type ReactNode } from 'react'

interface ErrorBoundaryState {
  readonly error: Error | undefined
}

/** Says that a view broke, instead of an empty page; the rest of Cutaway goes on. */
export class ErrorBoundary extends Component<{ readonly children: ReactNode }, ErrorBoundaryState> {
  override state: ErrorBoundaryState = { error: undefined }

  static getDerivedStateFromError(error: Error): ErrorBoundaryState {
    return { error }
  }

  override render(): ReactNode {
    const { error } = this.state
    if (error === undefined) return this.props.children
    return (
      <main className="main">
        <div className="note note-bad" role="alert">
          <p className="note-title">This page broke: {error.message}</p>
          <p>
            That is a fault of Cutaway, or a saved comparison that was changed. Nothing of your project was touched.
          </p>
          <div className="actions">
            <button type="button" onClick={() => location.reload()}>
              Load it again
            </button>
          </div>
        </div>
      </main>
    )
  }
}
