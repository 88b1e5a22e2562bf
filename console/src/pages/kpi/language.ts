/*
 * The chart's library writes numbers in `navigator.language`, and throws while it is loaded when that is no language: Chromium
 * says `en-US@posix` where the desktop has none set. Imported before it.
 */
try {
  Intl.getCanonicalLocales(navigator.language);
} catch {
  Object.defineProperty(navigator, "language", { value: "en-GB" });
}
