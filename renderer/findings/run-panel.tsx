import { type ReactElement, useState } from 'react'
import { NumberField, StartOrCancel } from '../shared/form-parts'
import { JobStatus, messageOf, useJob } from '../shared/job-status'
import { usePage } from '../shared/use-page'
import { runBoth } from './measurements'
import { RunResult } from './run-result'

interface RunPanelProps {
  readonly comparisonId: string
  /** The images are there to be run. */
  readonly canAsk: boolean
}

/** Runs both images the same way, when the user asks for it. */
export function RunPanel({ comparisonId, canAsk }: RunPanelProps): ReactElement {
  const state = useJob((jobs) => jobs.run, { comparisonId })
  return (
    <section className="panel variant" aria-label="Does it still run?">
      <h3>
        Does it still run?
        <span className="muted">both images, the same input; no network, at most 512 MiB and 256 processes each</span>
      </h3>
      {canAsk && <RunForm comparisonId={comparisonId} isRunning={state.kind === 'running'} />}
      <JobStatus state={state} message={messageOf(state)} running="Running before, then after …" />
      {state.kind === 'done' && <RunResult result={state.value} />}
    </section>
  )
}

interface RunFormProps {
  readonly comparisonId: string
  readonly isRunning: boolean
}

function RunForm({ comparisonId, isRunning }: RunFormProps): ReactElement {
  const page = usePage()
  const [input, setInput] = useState('')
  const [port, setPort] = useState('')
  const [path, setPath] = useState('/')
  const [seconds, setSeconds] = useState('10')
  const [hasNetwork, setHasNetwork] = useState(false)
  const start = (): void => {
    const asked = port === '' ? undefined : Number(port)
    void runBoth(page, comparisonId, { input, port: asked, path, seconds: Number(seconds), hasNetwork })
  }
  return (
    <form
      className="run-form"
      onSubmit={(event) => {
        event.preventDefault()
        start()
      }}
    >
      <label className="run-input">
        Standard input
        <textarea rows={3} value={input} maxLength={1_000_000} onChange={(event) => setInput(event.target.value)} />
      </label>
      <label>
        Input from a file
        <input type="file" onChange={(event) => void event.target.files?.[0]?.text().then(setInput)} />
      </label>
      <NumberField
        label="Ask this port over HTTP"
        min={1}
        max={65535}
        placeholder="none"
        value={port}
        onChange={setPort}
      />
      <label>
        for the path
        <input pattern="/[!-~]*" required value={path} onChange={(event) => setPath(event.target.value)} />
      </label>
      <NumberField label="Seconds at most" min={1} max={300} required value={seconds} onChange={setSeconds} />
      <label className="run-check">
        <input type="checkbox" checked={hasNetwork} onChange={(event) => setHasNetwork(event.target.checked)} />
        with network
      </label>
      <StartOrCancel isRunning={isRunning} start="Run both" onCancel={() => void page.jobs.run.cancel()} />
    </form>
  )
}
