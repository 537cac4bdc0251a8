"""What may be wrong with any page, whatever it shows: one line for each fault."""

from playwright.sync_api import ConsoleMessage, Page

from e2e.portal import overflow, violations

# The browser tells of every answer that is not a success, also of those a story asks for. Older
# ones (150) also say that a page left waiting in the background never drew its preloaded font.
EXPECTED = ("Failed to load resource: the server responded with a status of 4",)
UNDRAWN = "was preloaded using link preload but not used"

# Texts of the page in a script or with the small words of a language that is not the page's.
# What is marked (`lang`, `bdi`, `code`) is meant to be in another one.
FOREIGN = """
language => {
  const latin = /[A-Za-zÀ-ÿ]{2,}(?:[\\s'’,-]+[A-Za-zÀ-ÿ]{2,}){2,}/;
  const small = /\\b(the|and|of|with|your|this|are|which|from|you)\\b/gi;
  const strange = text => language === "ar"
    ? latin.test(text) && !/[\\u0600-\\u06ff]/.test(text)
    : language === "fr" && (text.match(small) || []).length >= 2;
  const marked = element => {
    if (element.closest("bdi, code, pre, kbd, samp, script, style, template")) return true;
    return element.closest("[lang]") !== document.documentElement;
  };
  const found = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const text = walker.currentNode.data.trim().replace(/\\s+/g, " ");
    if (strange(text) && !marked(walker.currentNode.parentElement)) found.push(text);
  }
  for (const name of ["aria-label", "placeholder", "title", "alt"]) {
    for (const element of document.querySelectorAll(`[${name}]`)) {
      const text = element.getAttribute(name);
      if (strange(text) && !marked(element)) found.push(`${name}=${text}`);
    }
  }
  return found;
}
"""


def listen(page: Page) -> list[str]:
    """Collect what the browser complains of from now on: scripts, styles, the security policy."""
    heard: list[str] = []

    def console(message: ConsoleMessage) -> None:
        expected = message.text.startswith(EXPECTED) or UNDRAWN in message.text
        if message.type in ("error", "warning") and not expected:
            heard.append(f"console: {message.text[:300]}")

    page.on("console", console)
    page.on("pageerror", lambda error: heard.append(f"script: {error}"))
    return heard


def faults(page: Page, language: str) -> list[str]:
    """Return what is wrong with the open page: access, width, direction, language."""
    root = page.locator("html")
    direction = "rtl" if language == "ar" else "ltr"
    stated = (root.get_attribute("lang"), root.get_attribute("dir"))
    found = [f"access: {one}" for one in violations(page)]
    if stated != (language, direction):
        found.append(f"language: {stated} is stated")
    if wide := overflow(page):
        found.append(f"width: {wide} px wider than the window: {_widest(page)}")
    return found + [f"language: {one[:120]}" for one in page.evaluate(FOREIGN, language)]


def _widest(page: Page) -> str:
    """Return the elements that stick out of the window."""
    return str(
        page.evaluate(
            """() => [...document.querySelectorAll("body *")]
              .filter(one => { const box = one.getBoundingClientRect();
                return box.width && (box.right > innerWidth + 1 || box.left < -1)
                  && !one.closest(".visually-hidden, .table-scroll, .skip-link"); })
              .slice(0, 4).map(one => one.outerHTML.slice(0, 120))"""
        )
    )
