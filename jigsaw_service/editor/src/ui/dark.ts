/** Dark mode: as the system asks, unless the page around this one says otherwise. */
const query = matchMedia('(prefers-color-scheme: dark)');
const changes = new EventTarget();
let told: boolean | undefined;
/** Rules for dark pages, which are known by their words only the first time. */
const forDark = new WeakSet<CSSRule>();

query.addEventListener('change', () => {
  if (told === undefined) changes.dispatchEvent(new Event('change'));
});

export function isDark(): boolean {
  return told ?? query.matches;
}

export function onDarkChange(listener: (dark: boolean) => void): () => void {
  const heard = () => {
    listener(isDark());
  };
  changes.addEventListener('change', heard);
  return () => {
    changes.removeEventListener('change', heard);
  };
}

/** Makes the page dark or light, against the system's wish, too. */
export function setDark(dark: boolean): void {
  if (told === dark) return;
  told = dark;
  document.documentElement.style.colorScheme = dark ? 'dark' : 'light';
  for (const sheet of document.styleSheets)
    for (const rule of sheet.cssRules)
      if (isForDark(rule)) rule.media.mediaText = dark ? 'all' : 'not all';
  changes.dispatchEvent(new Event('change'));
}

/** The stylesheets know the system's wish only; their rules for dark pages are switched by hand. */
function isForDark(rule: CSSRule): rule is CSSMediaRule {
  if (!(rule instanceof CSSMediaRule)) return false;
  if (!rule.media.mediaText.includes('prefers-color-scheme: dark') && !forDark.has(rule))
    return false;
  forDark.add(rule);
  return true;
}
