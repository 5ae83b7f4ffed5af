/* The notebook's side of a frame: its height, the theme, a file to offer. It runs nothing that a frame says. */
((id, known) => {
  if (known.has(id)) return;
  known.add(id);
  const LOWEST = 200;
  const HIGHEST = 2000;
  const PATIENCE = 20000;
  let ready = false;

  const root = () => document.getElementById(id);
  const frame = () => root()?.querySelector('iframe');
  const originOf = (element) => new URL(element.src, location.href).origin;
  const tell = (message) => {
    const element = frame();
    element?.contentWindow?.postMessage({ type: 'jigsaw', ...message }, originOf(element));
  };
  const theme = () => {
    const light = document.body.dataset.jpThemeLight;
    if (light === 'true' || light === 'false') tell({ action: 'theme', dark: light === 'false' });
  };
  const act = {
    ready: () => {
      ready = true;
      const note = root().querySelector('.jigsaw-note');
      if (note) note.hidden = true;
      theme();
      const xml = root().dataset.jigsawOffer;
      if (xml) tell({ action: 'import', xml });
    },
    size: ({ height }) => {
      const element = frame();
      const given = Number(element.getAttribute('height')) || LOWEST;
      if (Number.isFinite(height))
        element.style.height = `${Math.min(HIGHEST, Math.max(given, Math.ceil(height)))}px`;
    },
    insert: ({ code }) => {
      const place = root().querySelector('.jigsaw-code');
      if (!place || typeof code !== 'string') return;
      place.textContent = code;
      place.hidden = false;
    },
  };
  addEventListener('message', (event) => {
    const element = frame();
    if (!element || event.source !== element.contentWindow) return;
    if (event.origin !== originOf(element) || event.data?.type !== 'jigsaw') return;
    if (Object.hasOwn(act, event.data.action)) act[event.data.action](event.data);
  });
  new MutationObserver(theme).observe(document.body, {
    attributes: true,
    attributeFilter: ['data-jp-theme-light'],
  });
  setTimeout(() => {
    const note = root()?.querySelector('.jigsaw-note');
    if (note && !ready) note.hidden = false;
  }, PATIENCE);
})
