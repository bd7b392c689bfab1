"""Pages of projects: their content, its revisions, and what can be run from it."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from audit.admin import AuditedAdmin
from audit.recording import record
from tasks import pausing, revisions
from tasks.admin import projectpages
from tasks.forms.projects import ProjectForm, SourceForm
from tasks.lengths import size
from tasks.models import Project, Revision
from tasks.source.errors import BadSource


@admin.register(Project)
class ProjectAdmin(AuditedAdmin):
    list_display = (
        "slug",
        "title",
        "revision",
        "frameworks",
        "task_count",
        "content_size",
        "standing",
    )
    list_select_related = ("current_revision",)
    search_fields = ("slug", "title", "git_url")
    fields = ("slug", "title", "description", "max_parallel", "git_url", "git_ref")
    change_form_template = "admin/tasks/project/change_form.html"

    def get_queryset(self, request):
        return super().get_queryset(request).annotate(tasks_in_it=Count("tasks"))

    def get_readonly_fields(self, request, obj=None):
        # Directories are named by it.
        return ("slug", "git_url", "git_ref") if obj else ()

    @admin.display(description=_("revision"))
    def revision(self, project):
        current = project.current_revision
        return f"r{current.number}" if current else None

    @admin.display(description=_("frameworks"))
    def frameworks(self, project):
        return ", ".join(project.current_revision.frameworks) if project.current_revision else None

    @admin.display(description=_("tasks"))
    def task_count(self, project):
        return project.tasks_in_it

    @admin.display(description=_("size"))
    def content_size(self, project):
        return size(project.current_revision.size_bytes) if project.current_revision else None

    @admin.display(description=_("status"))
    def standing(self, project):
        if project.paused_at:
            return format_html('<span class="k-pill paused">{}</span>', _("paused"))
        return format_html('<span class="k-pill enabled">{}</span>', _("enabled"))

    def delete_model(self, request, obj):
        super().delete_model(request, obj)
        revisions.remove_files(obj)

    def delete_queryset(self, request, queryset):
        for project in queryset:
            self.delete_model(request, project)

    def get_urls(self):
        pages = {
            "revisions/add": self.add_revision_view,
            "pull": self.pull_view,
            "pause": self.pause_view,
            "files": self.files_view,
            "edit": self.edit_view,
        }
        own = [
            path(
                f"<int:pk>/{name}/",
                self.admin_site.admin_view(view),
                name=f"tasks_project_{name.replace('/', '_')}",
            )
            for name, view in pages.items()
        ]
        use = self.admin_site.admin_view(self.use_revision_view)
        own.append(path("<int:pk>/revisions/<int:number>/use/", use, name="tasks_project_use"))
        return own + super().get_urls()

    def get(self, request, pk, permission="change") -> Project:
        if not request.user.has_perm(f"tasks.{permission}_project"):
            raise PermissionDenied
        return get_object_or_404(Project.objects.select_related("current_revision"), pk=pk)

    def add_view(self, request, form_url="", extra_context=None):
        if not self.has_add_permission(request):
            raise PermissionDenied
        first = {"kind": request.GET["source"]} if "source" in request.GET else None
        form = ProjectForm(request.POST or None, request.FILES or None, initial=first)
        if request.method == "POST" and form.is_valid():
            try:
                project = revisions.create_project(
                    form.cleaned_data["slug"],
                    form.cleaned_data["title"],
                    form.source(),
                    request.user,
                )
            except BadSource as bad:
                form.refuse(bad)
            except ValidationError as wrong:
                form.add_error(None, wrong.messages)
            else:
                self.message_user(request, _("The project is there."), messages.SUCCESS)
                return to_page(project)
        return self.page(request, "source.html", title=_("Add a project"), form=form)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        extra = projectpages.context(object_id) | (extra_context or {})
        return super().change_view(request, object_id, form_url, extra)

    def add_revision_view(self, request, pk):
        project = self.get(request, pk)
        form = SourceForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            try:
                revision = revisions.add_revision(project, form.source(), request.user)
            except BadSource as bad:
                form.refuse(bad)
            else:
                self.say_revision(request, revision)
                return to_page(project)
        return self.page(
            request, "source.html", title=_("Add a revision"), form=form, project=project
        )

    def pull_view(self, request, pk):
        project = self.get(request, pk)
        if request.method == "POST" and project.git_url:
            source = revisions.Git(project.git_url, project.git_ref)
            try:
                self.say_revision(request, revisions.add_revision(project, source, request.user))
            except BadSource as bad:
                self.message_user(request, projectpages.sentence(bad), messages.ERROR)
        return to_page(project)

    def say_revision(self, request, revision: Revision) -> None:
        text = _("Revision %(number)s is in use.") % {"number": revision.number}
        self.message_user(request, text, messages.SUCCESS)

    def use_revision_view(self, request, pk, number):
        project = self.get(request, pk)
        revision = get_object_or_404(project.revisions, number=number)
        if request.method == "POST":
            revisions.use_revision(project, revision, request.user)
            self.say_revision(request, revision)
        return to_page(project)

    def pause_view(self, request, pk):
        project = self.get(request, pk)
        if request.method == "POST":
            action, change = (
                ("resume", pausing.resume) if project.paused_at else ("pause", pausing.pause)
            )
            if change(project):
                record(action, project)
        return to_page(project)

    def files_view(self, request, pk):
        project = self.get(request, pk, "view")
        shown = projectpages.file_view(project, request.GET.get("name", ""))
        if shown is None:
            raise Http404
        return self.page(request, "file.html", title=shown["name"], project=project, **shown)

    def edit_view(self, request, pk):
        project = self.get(request, pk)
        form = projectpages.edit_form(project, request)
        if form is None:
            raise Http404
        if request.method == "POST" and form.is_valid():
            try:
                source = projectpages.with_file(
                    project, form.cleaned_data["name"], form.cleaned_data["text"]
                )
                self.say_revision(request, revisions.add_revision(project, source, request.user))
            except BadSource as bad:
                form.add_error("text", projectpages.sentence(bad))
            else:
                return to_page(project)
        return self.page(request, "edit.html", title=_("Edit a file"), form=form, project=project)

    def page(self, request, template: str, **context):
        context = self.admin_site.each_context(request) | {"opts": self.opts} | context
        return TemplateResponse(request, f"admin/tasks/project/{template}", context)


def to_page(project: Project):
    return redirect(reverse("admin:tasks_project_change", args=[project.pk]))
