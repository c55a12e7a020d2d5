/** Why bytes of the image before are there, and whether they are still needed after. Order is that of the list on screen. */
export const ledgerClasses = [
  'shipped',
  'shippedChanged',
  'moved',
  'toolchain',
  'packageCache',
  'developmentPackages',
  'languagePackages',
  'docs',
  'source',
  'baseSystem',
  'systemPackages',
  'waste',
] as const
export type LedgerClass = (typeof ledgerClasses)[number]

/** What each class means, for those who read the list; the rules that decide are in ledger-rules. */
export const ledgerLabels: Readonly<Record<LedgerClass, { readonly label: string; readonly meaning: string }>> = {
  shipped: { label: 'Shipped unchanged', meaning: 'At the same path with the same content in the image after.' },
  shippedChanged: {
    label: 'Shipped, changed',
    meaning: 'At the same path in the image after, with other content, owner or mode.',
  },
  moved: { label: 'Shipped under another path', meaning: 'The same content, at a path that only the image after has.' },
  toolchain: { label: 'Toolchain', meaning: 'Compilers, headers, linkers: needed to build, not to run.' },
  packageCache: { label: 'Package caches', meaning: 'What package managers fetched and kept.' },
  developmentPackages: {
    label: 'Development packages',
    meaning: 'Language packages that the image after leaves out of a folder that it has too.',
  },
  languagePackages: {
    label: 'Language packages',
    meaning: 'Packages of Python, Node.js or Ruby in folders that the image after has not.',
  },
  docs: {
    label: 'Documentation and locales',
    meaning: 'Manuals, translations, time zone names: nothing a service reads.',
  },
  source: {
    label: 'Sources and build results',
    meaning: 'Files of the project, and what the build made of them beside the program.',
  },
  baseSystem: { label: 'Base system', meaning: 'Programs and libraries of the base image.' },
  systemPackages: {
    label: 'System packages',
    meaning: 'Programs and libraries that were installed on top of the base.',
  },
  waste: {
    label: 'Stored and not seen',
    meaning: 'A later layer replaced or removed it; the image carries it all the same.',
  },
}
