/**
 * A guest of 512 bytes: it fills its memory from 1 MiB on with pseudo-random words, so that a live migration has something to move, and
 * then halts, or begins again without end, so that a migration never catches up with it.
 *
 * Its source, in `as` syntax of i386 (loaded at 0x7c00; the two words behind it are set here):
 *
 *     cli; xorw %ax,%ax; movw %ax,%ds; inb $0x92,%al; orb $2,%al; outb %al,$0x92; lgdtl gdtr
 *     movl %cr0,%eax; orl $1,%eax; movl %eax,%cr0; ljmp $8,$pm
 *     pm: movw $0x10,%ax; movw %ax,%ds; movw %ax,%es; movw %ax,%ss; movl $0x12345678,%eax; cld
 *     outer: movl $0x100000,%edi; movl words,%ecx
 *     fill: imull $1664525,%eax,%eax; addl $1013904223,%eax; stosl; loop fill; cmpl $0,mode; jne outer
 *     halt: hlt; jmp halt
 *     gdt: .quad 0, 0x00cf9a000000ffff, 0x00cf92000000ffff    gdtr: .word 23; .long gdt    words: .long    mode: .long
 */
const program = Buffer.from(
  '+jHAjtjkkgwC5pJmDwEWcHwPIMBmg8gBDyLA6iB8CABmuBAAjtiOwI7QuHhWNBL8vwAAEACLDXh8AABpwA1mGQAFX/NuPKvi8oM9fHwAAAB13vTr/Y12AAAAAAAAAAAA//8AAACazwD//wAAAJLPABcAWHwAAGaQ',
  'base64',
);

/** A disk's first sector. `filledMiB` is at most the VM's memory less 2 MiB. */
export function bootSector(filledMiB: number, isEndless: boolean): Buffer {
  const sector = Buffer.alloc(512);
  program.copy(sector);
  sector.writeUInt32LE((filledMiB * 1024 * 1024) / 4, program.length);
  sector.writeUInt32LE(isEndless ? 1 : 0, program.length + 4);
  sector.writeUInt16LE(0xaa55, 510);
  return sector;
}
