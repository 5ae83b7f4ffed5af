/** A program on a workspace: its blocks, their records, and what the person did to take back. */
import type * as Blockly from 'blockly/core';
import { Replica } from '../document/replica';
import { Undo } from '../document/undo';
import { readRecords, writeXml } from '../document/xml';
import { Binding } from './binding';
import type { Document } from './loader';

export interface ProgramParts {
  workspace: Blockly.Workspace;
  knownTypes: ReadonlySet<string>;
  mayEdit: () => boolean;
  /** Something can be taken back now, or no longer. */
  historyChanged?: () => void;
  /** Somebody deleted the block into which this was being typed. */
  interrupted?: (text: string) => void;
}

/** Begins when the blocks of its document stand on the workspace. */
export class Program {
  readonly #parts: ProgramParts;

  readonly replica: Replica;
  readonly undo: Undo;
  readonly #binding: Binding;

  constructor(document: Document, parts: ProgramParts) {
    this.#parts = parts;

    this.replica = new Replica(readRecords(document.original));
    this.undo = new Undo(this.replica);
    this.replica.onAnswer = (batch, patch) => {
      this.undo.answered(batch, patch);
    };
    const { workspace, knownTypes, mayEdit, interrupted } = parts;
    this.#binding = new Binding({
      workspace,
      replica: this.replica,
      knownTypes,
      mayEdit,
      edited: (batch, group) => {
        this.undo.record(batch, group);
        parts.historyChanged?.();
      },
      interrupted: (text) => interrupted?.(text),
    });
  }

  /** The one serialisation, with what the person has just done. */
  xml(): string {
    this.#binding.settleAll();
    return writeXml(this.replica.records);
  }

  /** Makes sure that what the person has just done is on its way. */
  settle(): void {
    this.#binding.settleAll();
  }

  takeBack(again: boolean): void {
    this.#binding.settle();
    if (again) this.undo.redo();
    else this.undo.undo();
    this.#parts.historyChanged?.();
  }

  dispose(): void {
    this.#binding.dispose();
  }
}
