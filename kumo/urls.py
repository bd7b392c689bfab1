"""Addresses of Kumo."""

from django.contrib import admin
from django.urls import include, path
from django.views.generic import RedirectView

from kumo.health import healthz
from kumo.metrics import metrics

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index")),
    path("healthz", healthz, name="healthz"),
    path("metrics", metrics, name="metrics"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("kumo.api.urls")),
]
