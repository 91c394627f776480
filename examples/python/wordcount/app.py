"""Counts lines, words and characters of a text: POST it to /count."""

import hmac
import os

from flask import Flask, abort, jsonify, request

MOST_BYTES = 1_000_000


def count(text: str) -> dict[str, int]:
    """Lines, words (separated by white space) and characters of a text."""
    return {"lines": len(text.splitlines()), "words": len(text.split()), "characters": len(text)}


def create_app(token: str | None = None) -> Flask:
    """The service. With a token, whoever counts has to send it as a bearer token."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES

    @app.get("/healthz")
    def health():
        return jsonify(status="ok")

    @app.post("/count")
    def post_count():
        sent = request.headers.get("Authorization", "")
        if token and not hmac.compare_digest(sent.encode(), f"Bearer {token}".encode()):
            abort(401)
        try:
            return jsonify(count(request.get_data().decode()))
        except UnicodeDecodeError:
            abort(400, "the text must be UTF-8")

    return app


app = create_app(os.environ.get("API_TOKEN"))
