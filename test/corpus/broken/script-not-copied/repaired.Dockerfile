FROM python:3.11-slim-bookworm
WORKDIR /app
COPY main.py .
CMD ["python", "main.py"]
