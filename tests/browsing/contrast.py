"""Whether text stands out from what it stands on."""

from __future__ import annotations

from browsing.chromium import Browser

SCRIPT = """(() => {
  const channels = (text) => { const all = text.match(/[\\d.]+(?:e-?\\d+)?/g).map(Number);
    return text.startsWith('color(') ? all.map((value, at) => at < 3 ? value * 255 : value) : all; };
  const over = (top, bottom) => { const a = top[3] ?? 1; return [0, 1, 2].map(at => top[at] * a + bottom[at] * (1 - a)); };
  const ground = (node) => { const own = channels(getComputedStyle(node).backgroundColor);
    return (own[3] ?? 1) === 1 || !node.parentElement ? own : over(own, ground(node.parentElement)); };
  const light = (color) => color.slice(0, 3).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
  const drawn = (node) => { const style = getComputedStyle(node); return node.localName === 'text' ? style.fill : style.color; };
  const poor = new Set();
  for (const node of document.querySelectorAll('body *')) {
    const text = [...node.childNodes].some(child => child.nodeType === 3 && child.data.trim());
    if (!text || !node.checkVisibility() || ['SCRIPT', 'STYLE', 'OPTION', 'title'].includes(node.tagName)) continue;
    const [a, b] = [light(over(channels(drawn(node)), ground(node))), light(ground(node))].sort((x, y) => y - x);
    if ((a + 0.05) / (b + 0.05) < 4.5) poor.add(`${node.tagName}.${node.getAttribute('class')} ${((a + 0.05) / (b + 0.05)).toFixed(2)}`);
  }
  return [...poor];
})()"""


def poor(browser: Browser) -> list[str]:
    """The elements whose text has a contrast below 4.5 (WCAG AA)."""
    return browser.run(SCRIPT)
