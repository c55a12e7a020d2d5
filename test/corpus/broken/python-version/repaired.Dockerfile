FROM python:3.13 AS build
RUN pip install --target /deps flask
FROM gcr.io/distroless/python3-debian13
COPY --from=build /deps /deps
ENV PYTHONPATH=/deps
CMD ["/app.py"]
