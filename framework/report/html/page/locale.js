// Imported before uPlot, which formats numbers in the browser's language as soon as it is loaded: under LANG=C or with a POSIX
// modifier Chromium calls its language `en-US@posix`, which Intl refuses, and the whole page would stop there.
if (!isKnown(navigator.language)) Object.defineProperty(navigator, 'language', { value: 'en-US' })

/** @param {string} language */
function isKnown(language) {
  try {
    return Intl.getCanonicalLocales(language).length > 0
  } catch {
    return false
  }
}
