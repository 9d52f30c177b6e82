"""The dock that asks arXiv and OpenAlex for records, politely, and keeps their answers with where and when they were asked."""
