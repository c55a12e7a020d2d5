FROM ruby:3.3 AS build
WORKDIR /app
COPY Gemfile .
RUN bundle install
FROM ruby:3.3-slim
COPY --from=build /app /app
CMD ["ruby", "/app/main.rb"]
