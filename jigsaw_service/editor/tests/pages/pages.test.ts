// @vitest-environment jsdom
import { describe, expect, it } from 'vitest';
import { readPageConfig } from '../../src/api/pageConfig';
import { apiFilter, filterFrom, filtersInUse, searchOf } from '../../src/pages/homeFilter';
import { guessLanguage, nameOf } from '../../src/pages/importing';
import { tokens } from '../../src/run/codeView';
import { fitting } from '../../src/run/kernelSpecs';
import { fileName } from '../../src/ui/download';

function pageWith(config: unknown): Document {
  const page = document.implementation.createHTMLDocument();
  page.body.innerHTML = '<script type="application/json" id="page-config"></script>';
  page.getElementById('page-config')?.append(JSON.stringify(config));
  return page;
}

describe('the page’s configuration', () => {
  const good = {
    page: 'home',
    prefix: '/s/',
    static: '/s/static/',
    hub: '/hub/',
    xsrf: 'x',
    user: { name: 'a', groups: [] },
    limits: {},
  };

  it('is read from the page', () => {
    expect(readPageConfig(pageWith(good)).page).toBe('home');
  });

  it.each([
    ['a known page', { ...good, page: 'nowhere' }],
    ['limits', { ...good, limits: undefined }],
    ['prefix', { ...good, prefix: '/s' }],
    ['a workspace with a role', { ...good, page: 'editor' }],
  ])('must have %s', (what, config) => {
    expect(() => readPageConfig(pageWith(config))).toThrow(what);
  });
});

describe('the filter on the home page', () => {
  const all = filterFrom('');

  it('stands in the address and comes back from it', () => {
    const filter = {
      section: 'shared',
      q: 'two words',
      language: 'python',
      owner: 'Ada Ö.',
      role: 'viewer',
      block: 'controls_if',
      sort: 'name',
    } as const;

    expect(filterFrom(searchOf(filter))).toEqual(filter);
  });

  it('says nothing of what is usual, and takes what makes no sense for that', () => {
    expect(searchOf(all)).toBe('');
    expect(filterFrom('?show=x&sort=size&role=boss')).toEqual(all);
  });

  it('asks for what others let me edit or view, or for one of these', () => {
    expect(apiFilter({ ...all, section: 'shared' }).role).toBe('shared');
    expect(apiFilter({ ...all, section: 'shared', role: 'editor' }).role).toBe('editor');
    expect(apiFilter({ ...all, section: 'mine', role: 'viewer' }).role).toBe('owner');
    expect(apiFilter({ ...all, section: 'trash', role: 'viewer' })).toMatchObject({ trash: true });
  });

  it('counts what stands behind the button', () => {
    expect(filtersInUse({ ...all, q: 'a', sort: 'name' })).toBe(0);
    expect(filtersInUse({ ...all, owner: 'a', block: 'text' })).toBe(2);
  });
});

describe('importing', () => {
  it('names a workspace like its file', () => {
    expect(nameOf('my.first.program.xml')).toBe('my.first.program');
    expect(nameOf('.xml')).toBe('Untitled');
  });

  it('tells the language by its blocks', async () => {
    const file = new File(['<xml><block type="processing_size"/></xml>'], 'a.xml');
    const other = new File(['<xml><block type="text_print"/></xml>'], 'a.xml');

    expect(await guessLanguage(file, ['python', 'processing'])).toBe('processing');
    expect(await guessLanguage(other, ['python', 'processing'])).toBe('python');
  });
});

it('colours a program without changing a letter of it', () => {
  const code = "for i in range(3):  # three\n    print(\"it's\", i // 2, f'{i}')\n";

  const coloured = tokens(code, 'python');

  expect(coloured.map(({ text }) => text).join('')).toBe(code);
  expect(coloured.filter(({ kind }) => kind === 'keyword').map(({ text }) => text)).toEqual([
    'for',
    'in',
  ]);
  expect(coloured.filter(({ kind }) => kind === 'comment').map(({ text }) => text)).toEqual([
    '# three',
  ]);
});

it('finds the kernels that run a language', () => {
  const well = { why_not: null, fault: null, only_yours: false };
  const specs = [
    { name: 'python3', title: 'Python 3', language: 'python', ...well },
    { name: 'calysto_processing', title: 'Calysto Processing', language: 'java', ...well },
    { name: 'ijava', title: 'Java', language: 'java', ...well },
  ];

  expect(fitting(specs, 'python').map(({ name }) => name)).toEqual(['python3']);
  expect(fitting(specs, 'processing').map(({ name }) => name)).toEqual(['calysto_processing']);
});

it('makes file names that every system takes', () => {
  expect(fileName('a/b: c?', '.xml')).toBe('a-b- c-.xml');
  expect(fileName('...', '.py')).toBe('workspace.py');
});
