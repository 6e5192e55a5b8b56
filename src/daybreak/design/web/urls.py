"""Addresses of the design room."""

from django.urls import path

from daybreak.design.web import views

app_name = "design"

urlpatterns = [path("", views.gallery, name="gallery")]
