/** Kernelspecs of the person's server, and which of them fits a language. */
import type { Client } from '../api/client';
import { ofServer } from '../api/server';

/** The server refused to start it; its program ended at once; or it runs and says nothing. */
export type Fault = 'refused' | 'ended' | 'silent';

export interface KernelSpec {
  name: string;
  title: string;
  language: string;
  /** Reason why it did not start here lately; in the server's words, where it was refused. */
  why_not: string | null;
  fault: Fault | null;
  /** True if no other person's server is known to list it. */
  only_yours: boolean;
}

interface SpecsAnswer {
  default: string;
  items: KernelSpec[];
}

/** All kernels, the server's default first. Throws `ApiProblem`. */
export async function kernelSpecs(client: Client, server = ''): Promise<KernelSpec[]> {
  const answer = await client.get<SpecsAnswer>(ofServer('api/kernelspecs', server));
  return answer.items.sort(
    (a, b) => Number(b.name === answer.default) - Number(a.name === answer.default),
  );
}

/** The one that was chosen, else the first that isn't known to fail. */
export function chosenOf(
  specs: readonly KernelSpec[],
  chosen: string | null,
): KernelSpec | undefined {
  return (
    specs.find(({ name }) => name === chosen) ??
    specs.find(({ why_not }) => why_not === null) ??
    specs[0]
  );
}

/** Those that run `language`. A Processing kernel calls its language Java, but itself Processing. */
export function fitting(specs: readonly KernelSpec[], language: string): KernelSpec[] {
  const wanted = language.toLowerCase();
  return specs.filter(
    (spec) =>
      spec.language.toLowerCase() === wanted || spec.name.toLowerCase().includes(`_${wanted}`),
  );
}
