from django.test import TestCase, override_settings


class TodosTest(TestCase):
    def add(self, text, **headers):
        return self.client.post("/todos", {"text": text}, content_type="application/json", headers=headers)

    def test_health(self):
        self.assertEqual(self.client.get("/healthz").json(), {"status": "ok"})

    def test_adds_finishes_and_removes(self):
        key = self.add("mend the roof").json()["id"]
        self.assertEqual(self.client.get("/todos").json()["todos"], [{"id": key, "text": "mend the roof", "done": False}])
        self.assertTrue(self.client.put(f"/todos/{key}").json()["done"])
        self.assertEqual(self.client.delete(f"/todos/{key}").status_code, 204)
        self.assertEqual(self.client.get(f"/todos/{key}").status_code, 404)

    def test_shares_one(self):
        address = self.client.get(f"/todos/{self.add('mine').json()['id']}").json()["shared"]
        self.assertEqual(self.client.get(address).json()["text"], "mine")
        self.assertEqual(self.client.get(f"{address}x").status_code, 404)

    def test_refuses_what_is_no_todo(self):
        for text in ["", "x" * 501, None, 3]:
            self.assertEqual(self.add(text).status_code, 400)
        self.assertEqual(self.client.post("/todos", "text", content_type="text/plain").status_code, 400)

    @override_settings(API_TOKEN="secret")
    def test_token(self):
        self.assertEqual(self.client.get("/todos").status_code, 401)
        self.assertEqual(self.add("x", Authorization="Bearer secret").status_code, 201)
        self.assertEqual(self.client.get("/healthz").status_code, 200)
