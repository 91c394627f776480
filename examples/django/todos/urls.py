from django.urls import path

from todos import views

urlpatterns = [
    path("healthz", views.health),
    path("todos", views.todos),
    path("todos/<int:key>", views.todo),
    path("shared/<str:signed>", views.shared),
]
