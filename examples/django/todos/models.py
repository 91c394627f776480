from django.db import models


class Todo(models.Model):
    text = models.CharField(max_length=500)
    done = models.BooleanField(default=False)
    added = models.DateTimeField(auto_now_add=True)

    def as_json(self) -> dict:
        return {"id": self.pk, "text": self.text, "done": self.done}
