FROM python:3.11-slim-bookworm
WORKDIR /app
COPY main.py /srv/
CMD ["python", "main.py"]
