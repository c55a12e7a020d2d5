import { openProject, type Project } from '../engine/project/open-project'

/** The project that was opened last: an editor asks about it with every pause in typing. */
export class OpenProjects {
  #last: Project | undefined

  async open(path: string): Promise<Project> {
    this.#last = await openProject(path, { keepsBroken: true })
    return this.#last
  }

  async known(folder: string): Promise<Project> {
    return this.#last?.folder === folder ? this.#last : this.open(folder)
  }
}
