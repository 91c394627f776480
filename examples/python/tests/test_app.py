import unittest

from wordcount.app import MOST_BYTES, create_app


class AppTest(unittest.TestCase):
    def setUp(self):
        self.client = create_app().test_client()

    def test_health(self):
        self.assertEqual(self.client.get("/healthz").json, {"status": "ok"})

    def test_count(self):
        answer = self.client.post("/count", data="ein Wort\nzwei Wörter\n".encode())
        self.assertEqual(answer.json, {"lines": 2, "words": 4, "characters": 21})

    def test_refuses_other_encodings_and_long_texts(self):
        self.assertEqual(self.client.post("/count", data=b"\xff").status_code, 400)
        self.assertEqual(self.client.post("/count", data=b"x" * (MOST_BYTES + 1)).status_code, 413)

    def test_token(self):
        client = create_app("secret").test_client()
        self.assertEqual(client.post("/count", data="x").status_code, 401)
        answer = client.post("/count", data="x", headers={"Authorization": "Bearer secret"})
        self.assertEqual(answer.status_code, 200)


if __name__ == "__main__":
    unittest.main()
