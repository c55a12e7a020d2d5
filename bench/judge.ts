import { stageGraph } from '../electron/core/dockerfile/graph'
import { parseStages, type StagedDockerfile } from '../electron/core/dockerfile/stages'
import { judge as judgeDockerfile } from '../electron/core/findings/judge'

// What the editor asks for, on a generated Dockerfile of 200 lines in ten stages.

const stage = (at: number): string => `
# stage ${at}
FROM debian:bookworm AS stage${at}
ARG VERSION=1.${at}
ENV NAME=value-\${VERSION} \\
    OTHER="a longer value with $NAME"
WORKDIR /srv/app${at}
COPY package.json requirements.txt ./
RUN --mount=type=cache,target=/root/.cache \\
    apt-get update \\
    && apt-get install -y --no-install-recommends gcc make libpq-dev \\
    && rm -rf /var/lib/apt/lists/*
COPY . .
RUN pip install -r requirements.txt && npm ci
${at > 0 ? `COPY --from=stage${at - 1} /srv/app${at - 1}/out /srv/in` : 'RUN make'}
RUN make -j4 all && cp out/program /usr/local/bin/
EXPOSE 8080
USER 65532
HEALTHCHECK CMD curl -f http://localhost:8080/
CMD ["/usr/local/bin/program", "--flag"]
`

export const text = Array.from({ length: 10 }, (_, at) => stage(at)).join('')
const files = { names: ['package.json', 'requirements.txt', '.dockerignore'], text: () => '' }

export const parse = (): StagedDockerfile => parseStages(text).value

export function judge(): number {
  const staged = parse()
  const target = staged.stages.length - 1
  return stageGraph(staged, target).edges.length + judgeDockerfile(staged, target, files).length
}
