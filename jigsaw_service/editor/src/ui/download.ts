/** Download of a file that was made in the page. */
export function download(name: string, content: Blob): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser has taken hold of the content by the next task.
  setTimeout(() => {
    URL.revokeObjectURL(url);
  });
}

/** A file name made of a workspace's name: what file systems refuse becomes a dash. `extension` has its dot. */
export function fileName(name: string, extension: string): string {
  const plain = name.replace(/[\u0000-\u001f<>:"/\\|?*]+/g, '-').replace(/^[.\s]+|[.\s]+$/g, '');
  return (plain || 'workspace') + extension;
}

export function downloadText(name: string, extension: string, text: string, type: string): void {
  download(fileName(name, extension), new Blob([text], { type }));
}
