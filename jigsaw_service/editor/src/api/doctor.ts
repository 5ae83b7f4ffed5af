/** Doctor: what is wrong with the set-up, for Hub admins. Throws `ApiProblem`. */
import type { Client } from './client';

export interface Mend {
  place: string;
  line: string;
}

export interface Finding {
  name: string;
  says: string;
  where: string;
  mend: Mend[];
}

export interface Diagnosis {
  findings: Finding[];
  not_looked_at: string[];
}

export function examine(client: Client): Promise<Diagnosis> {
  return client.get('api/doctor');
}
