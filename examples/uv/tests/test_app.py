import os
import tempfile
import time
import unittest
from pathlib import Path

from starlette.testclient import TestClient

from pastes.app import MOST_BYTES, create_app


class AppTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.client = TestClient(create_app(self.folder))

    def test_health(self):
        self.assertEqual(self.client.get("/healthz").json(), {"status": "ok"})

    def test_keeps_a_text(self):
        name = self.client.post("/pastes", content="ein Text").json()["name"]
        answer = TestClient(create_app(self.folder)).get(f"/pastes/{name}")
        self.assertEqual((answer.status_code, answer.text), (200, "ein Text"))
        self.assertEqual(answer.headers["content-type"], "text/plain; charset=utf-8")

    def test_forgets_old_texts(self):
        name = self.client.post("/pastes", content="old").json()["name"]
        then = time.time() - 31 * 86_400
        os.utime(self.folder / name, (then, then))
        self.assertEqual(self.client.get(f"/pastes/{name}").status_code, 404)
        self.client.post("/pastes", content="new")
        self.assertFalse((self.folder / name).exists())

    def test_refuses_long_texts_and_other_names(self):
        self.assertEqual(self.client.post("/pastes", content=b"x" * (MOST_BYTES + 1)).status_code, 413)
        for name in ["0" * 32, "..%2F..%2Fetc%2Fpasswd", "x"]:
            self.assertEqual(self.client.get(f"/pastes/{name}").status_code, 404)

    def test_token(self):
        client = TestClient(create_app(self.folder, "secret"))
        self.assertEqual(client.post("/pastes", content="x").status_code, 401)
        answer = client.post("/pastes", content="x", headers={"Authorization": "Bearer secret"})
        self.assertEqual(answer.status_code, 201)


if __name__ == "__main__":
    unittest.main()
