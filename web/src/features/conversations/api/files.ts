import { strings } from '~/lib/strings';

const t = strings.conversations;

export interface NewFile {
  name: string;
  media_type: string;
  base64: string;
}

export const maxFiles = 8;
export const maxBytes = 512 * 1024;

const images = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];
const texts = ['application/json', 'application/xml', 'application/yaml'];

/** What the API takes a file as; null for what it refuses. Systems name few kinds of text files, so the rest is tried as text. */
export function mediaTypeOf({ name, type }: { name: string; type: string }): string | null {
  if (images.includes(type) || texts.includes(type) || type.startsWith('text/')) {
    return type.split(';')[0] ?? type;
  }
  return type === '' || /\.(ya?ml|md|log|csv|sql|[jt]sx?|py|cs|sh|toml|ini)$/i.test(name) ? 'text/plain' : null;
}

/** What is wrong with these files together; null when they can be sent. */
export function problemOf(files: readonly { name: string; type: string; size: number }[]): string | null {
  const odd = files.find((file) => mediaTypeOf(file) === null);
  if (odd) {
    return t.fileKind(odd.name);
  }
  return files.length > maxFiles
    ? t.tooManyFiles(maxFiles)
    : files.reduce((sum, file) => sum + file.size, 0) > maxBytes
      ? t.filesTooLarge(maxBytes / 1024)
      : null;
}

const base64Of = (file: Blob) =>
  new Promise<string>((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result).split(',')[1] ?? '');
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });

export const encoded = (files: readonly File[]): Promise<NewFile[]> =>
  Promise.all(files.map(async (file) => ({ name: file.name, media_type: mediaTypeOf(file) ?? 'text/plain', base64: await base64Of(file) })));
