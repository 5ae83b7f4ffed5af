/** Whether the system asks for a dark page, now and when it changes its mind. */
const query = matchMedia('(prefers-color-scheme: dark)');

export function isDark(): boolean {
  return query.matches;
}

export function onDarkChange(listener: (dark: boolean) => void): () => void {
  const heard = () => {
    listener(query.matches);
  };
  query.addEventListener('change', heard);
  return () => {
    query.removeEventListener('change', heard);
  };
}
