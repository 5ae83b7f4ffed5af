/** The kernels installed on the person's server, and which of them fits a language. */
import type { Client } from '../api/client';
import { ofServer } from '../api/server';

export interface KernelSpec {
  name: string;
  title: string;
  language: string;
}

interface Answer {
  default: string;
  kernelspecs: Record<string, { name: string; spec: { display_name: string; language: string } }>;
}

/** All kernels, the server's default first. Throws `ApiProblem`. */
export async function kernelSpecs(client: Client, server = ''): Promise<KernelSpec[]> {
  const answer = await client.get<Answer>(ofServer('api/jupyter/api/kernelspecs', server));
  return Object.values(answer.kernelspecs)
    .map(({ name, spec }) => ({ name, title: spec.display_name, language: spec.language }))
    .sort((a, b) => Number(b.name === answer.default) - Number(a.name === answer.default));
}

/** Those that run `language`. A Processing kernel calls its language Java, but itself Processing. */
export function fitting(specs: readonly KernelSpec[], language: string): KernelSpec[] {
  const wanted = language.toLowerCase();
  return specs.filter(
    (spec) =>
      spec.language.toLowerCase() === wanted || spec.name.toLowerCase().includes(`_${wanted}`),
  );
}
