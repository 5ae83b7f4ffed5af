/** Splitter: the bar between two parts of the page, moved by pointer or arrow keys. */
import { html, type TemplateResult } from 'lit';

export interface Split {
  label: string;
  /** `vertical`: a standing bar between left and right. */
  orientation: 'vertical' | 'horizontal';
  /** Percent that the first part takes. */
  value: number;
  change(value: number): void;
}

const LEAST = 15;
const MOST = 85;
const STEP = 4;

export function splitter(split: Split): TemplateResult {
  return html`<div
    class="splitter ${split.orientation}"
    role="separator"
    tabindex="0"
    aria-label=${split.label}
    aria-orientation=${split.orientation}
    aria-valuenow=${Math.round(split.value)}
    aria-valuemin=${LEAST}
    aria-valuemax=${MOST}
    @pointerdown=${(event: PointerEvent) => {
      drag(event, split);
    }}
    @keydown=${(event: KeyboardEvent) => {
      step(event, split);
    }}
  ></div>`;
}

const bounded = (value: number) => Math.min(MOST, Math.max(LEAST, value));

function drag(start: PointerEvent, split: Split): void {
  const bar = start.currentTarget as HTMLElement;
  const whole = bar.parentElement?.getBoundingClientRect();
  if (!whole) return;
  bar.setPointerCapture(start.pointerId);
  const move = (event: PointerEvent) => {
    const across = (event.clientX - whole.left) / whole.width;
    const share =
      split.orientation === 'horizontal'
        ? (event.clientY - whole.top) / whole.height
        : document.dir === 'rtl'
          ? 1 - across
          : across;
    split.change(bounded(share * 100));
  };
  bar.addEventListener('pointermove', move);
  bar.addEventListener(
    'lostpointercapture',
    () => {
      bar.removeEventListener('pointermove', move);
    },
    { once: true },
  );
}

function step(event: KeyboardEvent, split: Split): void {
  const towards = document.dir === 'rtl' && split.orientation === 'vertical' ? -1 : 1;
  const steps: Record<string, number> = {
    ArrowLeft: -STEP * towards,
    ArrowRight: STEP * towards,
    ArrowUp: -STEP,
    ArrowDown: STEP,
    Home: -100,
    End: 100,
  };
  const by = steps[event.key];
  if (by === undefined) return;
  event.preventDefault();
  split.change(bounded(split.value + by));
}
