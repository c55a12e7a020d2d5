# syntax=docker/dockerfile:1

from debian:12 as build
run apt-get update \
  # a comment inside

  && apt-get install -y gcc
copy . .
	CoPy --chown=a --from=build /x /y
from scratch
cOpY --from=build \
   /src/a \
   /a
