// Runs in every page, twice: in the page's own world and in the isolated world of the preload script. The worlds share only
// the DOM, so calls cross as synchronous events whose detail the browser clones; functions and promises cross as numbers.
// biome-ignore-all lint/correctness/noUnusedVariables: called by the script that this text becomes part of

function bridgeWorlds(secret, own, other) {
  const functions = new Map()
  const promises = new Map()
  let lastId = 0
  let answer
  const post = (message) => dispatchEvent(new CustomEvent(`${secret}:${other}`, { detail: message }))
  const pack = (value) => {
    if (typeof value === 'function') {
      functions.set(++lastId, value)
      return { bridged: 'function', id: lastId }
    }
    if (value instanceof Promise) {
      const id = ++lastId
      value.then(
        (result) => post({ kind: 'settled', id, result: pack(result) }),
        (error) => post({ kind: 'settled', id, error: String(error) }),
      )
      return { bridged: 'promise', id }
    }
    if (value?.constructor?.name !== 'Object') return value
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, pack(part)]))
  }
  const unpack = (value) => {
    if (value?.bridged === 'function') return (...args) => call(value.id, args)
    if (value?.bridged === 'promise')
      return new Promise((resolve, reject) => promises.set(value.id, { resolve, reject }))
    if (value?.constructor?.name !== 'Object') return value
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, unpack(part)]))
  }
  const call = (id, args) => {
    answer = undefined
    post({ kind: 'call', id, args: args.map(pack) })
    if (answer === undefined) throw new Error('electron stand-in: the other world does not answer')
    if (answer.error !== undefined) throw new Error(answer.error)
    return unpack(answer.result)
  }
  const on = {
    call({ id, args }) {
      try {
        post({ kind: 'answer', result: pack(functions.get(id)(...args.map(unpack))) })
      } catch (error) {
        post({ kind: 'answer', error: String(error.message ?? error) })
      }
    },
    answer(message) {
      answer = message
    },
    settled({ id, result, error }) {
      const promise = promises.get(id)
      promises.delete(id)
      if (error === undefined) promise.resolve(unpack(result))
      else promise.reject(new Error(error))
    },
    expose({ name, value }) {
      Object.defineProperty(window, name, { value: Object.freeze(unpack(value)), enumerable: true })
    },
  }
  addEventListener(`${secret}:${own}`, (event) => {
    event.stopImmediatePropagation()
    on[event.detail.kind](event.detail)
  })
  return { pack, post }
}

/** In the isolated world: gives the preload script its `require`, with the modules a sandboxed preload may load. */
function runPreload(secret, script) {
  const { pack, post } = bridgeWorlds(secret, 'preload', 'page')
  const waiting = new Map()
  const listeners = new Map()
  const encode = (value) => JSON.stringify(value)
  const decode = (text) =>
    JSON.parse(text, (_key, value) =>
      value?.bytes64 === undefined ? value : Uint8Array.from(atob(value.bytes64), (char) => char.charCodeAt(0)),
    )
  let lastId = 0
  globalThis.standInReceive = (text) => {
    const message = decode(text)
    if (message.channel !== undefined) {
      for (const listener of listeners.get(message.channel) ?? []) listener({}, ...message.args)
      return
    }
    const { resolve, reject } = waiting.get(message.id)
    waiting.delete(message.id)
    if (message.error === undefined) resolve(message.value)
    else reject(new Error(message.error))
  }
  const ipcRenderer = {
    invoke: (channel, ...args) =>
      new Promise((resolve, reject) => {
        waiting.set(++lastId, { resolve, reject })
        globalThis.standInSend(encode({ id: lastId, channel, args }))
      }),
    on: (channel, listener) => listeners.set(channel, [...(listeners.get(channel) ?? []), listener]),
    removeListener: (channel, listener) =>
      listeners.set(
        channel,
        (listeners.get(channel) ?? []).filter((each) => each !== listener),
      ),
  }
  const contextBridge = { exposeInMainWorld: (name, api) => post({ kind: 'expose', name, value: pack(api) }) }
  const answer = { path: undefined }
  // The stand-in stops here as a debugger, looks up the file's path, and goes on.
  function standInFilePath(_file) {
    // biome-ignore lint/suspicious/noDebugger: this stop is the synchronous call
    debugger
    return answer.path
  }
  const webUtils = { getPathForFile: (file) => standInFilePath(file) }
  script((name) => {
    if (name !== 'electron') throw new Error(`module not found: ${name}`)
    return { contextBridge, ipcRenderer, webUtils }
  })
}
