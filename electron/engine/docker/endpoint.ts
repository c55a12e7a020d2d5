/** Where a container engine may answer, and how we learned of it. */
export interface Endpoint {
  /** `unix:///run/docker.sock`, `tcp://host:2376`, `ssh://user@host`, `npipe:////./pipe/docker_engine`; '' for a context without one. */
  readonly address: string
  readonly origin: 'DOCKER_HOST' | 'docker context' | 'usual socket' | 'private engine' | 'your choice'
  /** Of a docker context. */
  readonly name?: string
  /** TLS was asked for, with or without checking the engine's certificate. Such an endpoint is never sent anything in clear. */
  readonly tls?: 'verified' | 'unverified'
  /** Folder with ca.pem, cert.pem and key.pem for TLS, each of which may be missing. */
  readonly certificates: string | undefined
  /** Cutaway's own engine: stand-ins may be made in it, and it has no bridge network. */
  readonly isPrivate: boolean
  /** Why it cannot be used, where that is known without asking it: a clause without a full stop. */
  readonly problem?: string
}
