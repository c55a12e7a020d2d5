FROM debian:12
ADD https://example.org/a.tgz https://example.org/b.tgz /tmp/
ADD git@github.com:someone/project.git#main /src
ADD --checksum=sha256:0 https://example.org/c /c
ADD local.tar /
