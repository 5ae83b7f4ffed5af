/** A real kernel: runs programs one after the other, and answers the page's question after each. */
import { execFileSync } from 'node:child_process';
import { PYTHON } from '../languages/python/python3';

/** What the kernel said of one program. */
export interface Told {
  status: string;
  name: string;
  value: string;
  /** The answer to the page's question. */
  answer?: string;
  /** True if the question left nothing: no message, name, history, count, module. */
  traceless: boolean;
  /** True if it printed nothing. */
  quiet: boolean;
}

const SCRIPT = String.raw`
import json, sys
from jupyter_client.manager import KernelManager

PATIENCE = 240
manager = KernelManager(kernel_name='python3')
manager.start_kernel(stderr=-3)
client = manager.client()
client.start_channels()
client.wait_for_ready(timeout=PATIENCE)

def ask(code, silent=False, **more):
    asked = client.execute(code, silent=silent, store_history=not silent, allow_stdin=False, **more)
    outputs = []
    while True:
        message = client.get_iopub_msg(timeout=PATIENCE)
        if message['parent_header'].get('msg_id') != asked:
            continue
        if message['msg_type'] == 'status' and message['content']['execution_state'] == 'idle':
            break
        if message['msg_type'] not in ('status', 'execute_input'):
            outputs.append(message['msg_type'])
    while True:
        reply = client.get_shell_msg(timeout=PATIENCE)
        if reply['parent_header'].get('msg_id') == asked:
            return reply['content'], outputs

def value_of(expression):
    reply, _ = ask('', silent=True, user_expressions={'it': expression})
    return reply['user_expressions']['it'].get('data', {}).get('text/plain')

STATE = "[sorted(globals()), len(In), get_ipython().execution_count, len(get_ipython().events.callbacks), len(__import__('sys').modules)]"
told = []
for program, question in json.load(sys.stdin):
    reply, _ = ask(program)
    before = value_of(STATE)
    answer, outputs = ask('', silent=True, user_expressions={'it': question})
    it = answer.get('user_expressions', {}).get('it', {})
    told.append({
        'status': reply['status'], 'name': reply.get('ename', ''), 'value': reply.get('evalue', ''),
        'answer': it.get('data', {}).get('text/plain'),
        'traceless': not outputs and value_of(STATE) == before,
        'quiet': not outputs,
    })
    ask('%reset -f', silent=True)
print(json.dumps(told))
client.stop_channels()
manager.shutdown_kernel(now=True)
`;

export function askedAfter(
  programs: readonly (readonly [program: string, question: string])[],
): Told[] {
  const input = JSON.stringify(programs);
  const options = { input, maxBuffer: 64 * 1024 * 1024 };
  return JSON.parse(execFileSync(PYTHON, ['-c', SCRIPT], options).toString()) as Told[];
}
