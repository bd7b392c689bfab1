"""What a page does that nobody asked for: complaints on its console, requests to strangers."""


def listen(page, host: str) -> list[str]:
    """Return a list that grows by everything that goes wrong on the page.

    A violation of the content security policy is written to the console too.
    """
    troubles: list[str] = []

    def heard(message):
        if message.type == "error":
            troubles.append(f"{page.url}: console: {message.text}")

    def asked(request):
        if not request.url.startswith((host, "data:", "blob:")):
            troubles.append(f"{page.url}: asked {request.url}")

    def answered(response):
        if response.status >= 400:
            troubles.append(f"{page.url}: {response.status} from {response.url}")

    page.on("console", heard)
    page.on("request", asked)
    page.on("response", answered)
    page.on("pageerror", lambda error: troubles.append(f"{page.url}: {error}"))
    return troubles
