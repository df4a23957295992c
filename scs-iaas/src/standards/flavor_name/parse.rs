//! Reads names, without memory from the heap.

use scs_core::standards::Mode;

use super::{
    Arch, Cpu, CpuClass, CpuModel, CpuVendor, Disk, DiskType, FlavorName, Frequency, Gpu,
    GpuAccess, GpuGrade, GpuModel, GpuVendor, Hypervisor, InvalidFlavorName, Ram, Spelling,
};

/// What every name of the standard begins with.
pub(super) const PREFIX: &str = "SCS-";

/// What may follow behind an underscore, after how many of these parts there already were.
const EXTENSIONS: [&str; 5] = [
    "a hypervisor (`kvm`, `chy`, `xen`, `vmw`, `hyv`, `bms`), `hwv`, a CPU (`i`, `z`, `a`, `r`), \
     a GPU (`G`, `g`) or `ib`",
    "`hwv`, a CPU (`i`, `z`, `a`, `r`), a GPU (`G`, `g`) or `ib`",
    "a CPU (`i`, `z`, `a`, `r`), a GPU (`G`, `g`) or `ib`",
    "a GPU (`G`, `g`) or `ib`",
    "`ib`",
];

type Result<T> = std::result::Result<T, InvalidFlavorName>;

/// A place in a name that is being read.
#[derive(Debug)]
pub(super) struct Cursor<'a> {
    text: &'a str,
    at: usize,
    mode: Mode,
    spelling: Spelling,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str, mode: Mode) -> Self {
        Self { text, at: 0, mode, spelling: Spelling::of(text) }
    }

    /// The whole name.
    pub(super) fn name(mut self) -> Result<FlavorName> {
        if !self.eat(PREFIX) {
            let same = |(a, b): &(u8, u8)| a == b;
            let at = self.text.bytes().zip(PREFIX.bytes()).take_while(same).count();
            return Err(self.expected_at(at, "`SCS-`"));
        }
        let cpu = self.cpu()?;
        if !self.eat(self.spelling.part()) {
            return Err(self.expected("`i`, or `-` and the memory"));
        }
        let ram = self.ram()?;
        let mut name = FlavorName::new(cpu, ram);
        if self.eat(self.spelling.part()) {
            name.disk = Some(self.disk()?);
        }
        let passed = self.extensions(&mut name)?;
        if self.rest().is_empty() {
            return Ok(name);
        }
        Err(self.expected(match (passed, name.disk) {
            (0, None) => "a disk, an extension or the end of the name",
            (0, Some(Disk { kind: None, .. })) => {
                "a disk type (`n`, `h`, `s`, `p`), an extension or the end of the name"
            }
            (0, Some(_)) => "an extension or the end of the name",
            (5, _) => "the end of the name",
            _ => "another extension or the end of the name",
        }))
    }

    fn cpu(&mut self) -> Result<Cpu> {
        let count = self.number("the number of CPUs")?;
        let class = self.one_of(CpuClass::ALL, CpuClass::code);
        let class =
            class.ok_or_else(|| self.expected("the class of the CPUs (`L`, `V`, `T` or `C`)"))?;
        Ok(Cpu { count, class, insecure: self.eat("i") })
    }

    fn ram(&mut self) -> Result<Ram> {
        let spec = self.mode == Mode::Spec;
        let (start, whole) = (self.at, self.digits());
        let point = self.eat(".");
        let (behind, fraction) = (self.at, if point { self.digits() } else { "" });
        if whole.is_empty() && (spec || fraction.is_empty()) {
            return Err(self.expected_at(start, "the memory in GiB"));
        }
        if spec && whole.len() > 1 && whole.starts_with('0') {
            return Err(self.expected_at(start, "the memory in GiB without leading zeros"));
        }
        let half = match fraction.trim_end_matches('0') {
            "" if !(spec && point) => 0,
            "5" if !spec || fraction == "5" => 1,
            _ => {
                let fits = usize::from(fraction.starts_with('5'));
                let zeros = |b: &u8| !spec && *b == b'0';
                let fits = fits + fraction.bytes().skip(fits).take_while(zeros).count();
                let expected = match fits {
                    0 => "`5`: memory counts in halves",
                    _ => "no more digits: memory counts in halves",
                };
                return Err(self.expected_at(behind + fits, expected));
            }
        };
        let halves = value(whole)
            .and_then(|gib| gib.checked_mul(2)?.checked_add(half))
            .filter(|&halves| halves > 0)
            .ok_or_else(|| self.expected_at(start, "memory of at least 0.5 and below 2^63 GiB"))?;
        let no_ecc = self.eat("u");
        Ok(Ram { halves, no_ecc, oversubscribed: self.eat("o") })
    }

    fn disk(&mut self) -> Result<Disk> {
        let start = self.at;
        let mut count = 1;
        if self.rest().trim_start_matches(|c: char| c.is_ascii_digit()).starts_with('x') {
            if self.mode == Mode::Spec || !self.rest().starts_with('x') {
                count = self.number("the number of disks")?;
            }
            if self.mode == Mode::Spec && count == 1 {
                return Err(self.expected_at(start, "at least 2 disks: one is not counted"));
            }
            self.eat("x");
        }
        let size = self.optional_number("the size of the disk in GB")?;
        Ok(Disk { count, size, kind: self.one_of(DiskType::ALL, DiskType::code) })
    }

    /// Reads all that comes behind the disk; answers the last part that there was, by its place in
    /// [`EXTENSIONS`].
    fn extensions(&mut self, name: &mut FlavorName) -> Result<usize> {
        let separator = self.spelling.extension();
        let mut passed = 0;
        let mut open = self.eat(separator);
        if open && let Some(hypervisor) = self.hypervisor()? {
            name.hypervisor = Some(hypervisor);
            (passed, open) = (1, self.eat(separator));
        }
        if open && self.eat("hwv") {
            name.hardware_virtualization = true;
            (passed, open) = (2, self.eat(separator));
        }
        if open
            && !self.rest().starts_with("ib")
            && let Some(vendor) = self.one_of(CpuVendor::ALL, CpuVendor::code)
        {
            name.arch = Some(self.arch(vendor)?);
            (passed, open) = (3, self.eat(separator));
        }
        if open && let Some(access) = self.one_of(GpuAccess::ALL, GpuAccess::code) {
            name.gpu = Some(self.gpu(access)?);
            (passed, open) = (4, self.eat(separator));
        }
        if open && self.eat("ib") {
            name.infiniband = true;
            (passed, open) = (5, false);
        }
        if open { Err(self.expected(EXTENSIONS[passed])) } else { Ok(passed) }
    }

    fn hypervisor(&mut self) -> Result<Option<Hypervisor>> {
        let start = self.at;
        match self.one_of(Hypervisor::ALL, Hypervisor::code) {
            Some(Hypervisor::CloudHypervisor) if self.spelling == Spelling::V1 => {
                Err(self
                    .expected_at(start, "another hypervisor: the deprecated spelling has no `chy`"))
            }
            found => Ok(found),
        }
    }

    fn arch(&mut self, vendor: CpuVendor) -> Result<Arch> {
        let start = self.at;
        let digits = self.digits();
        let code = digits.trim_start_matches('0');
        if self.mode == Mode::Spec && code.len() < digits.len() {
            return Err(self.expected_at(start, "a generation from 1, or none instead of 0"));
        }
        let model = CpuModel::find(vendor, code).ok_or_else(|| {
            let zeros = digits.len() - code.len();
            self.expected_at(
                start + zeros + CpuModel::begun(vendor, code),
                match vendor {
                    CpuVendor::Intel | CpuVendor::Amd => "a generation of one digit, up to 6",
                    CpuVendor::Arm => "a generation of one digit, up to 5",
                    CpuVendor::RiscV => "no generation: RISC-V has none yet",
                },
            )
        })?;
        let frequency = self.one_of(Frequency::ALL, Frequency::code);
        Ok(Arch { model, frequency: frequency.unwrap_or(Frequency::Unspecified) })
    }

    fn gpu(&mut self, access: GpuAccess) -> Result<Gpu> {
        let vendor = self
            .one_of(GpuVendor::ALL, GpuVendor::code)
            .ok_or_else(|| self.expected("the vendor of the GPU (`N`, `A` or `I`)"))?;
        let start = self.at;
        let code = self.take(|b| (b.is_ascii_alphanumeric() && b != b'h') || b == b'.');
        let known = match vendor {
            GpuVendor::Nvidia => {
                "a generation: `f`, `k`, `m`, `p`, `v`, `t`, `a`, `l`, `g`, `b` or `u`"
            }
            GpuVendor::Amd => "a generation: 0.4, 0.5, 1, 1.1, 2, 2.1, 3, 3.1, 3.5, 4, 4.1 or 5.1",
            GpuVendor::Intel => "a generation: 0.9, 0.95, 1, 2, 3 or 4",
        };
        let model = GpuModel::find(vendor, code)
            .ok_or_else(|| self.expected_at(start + GpuModel::begun(vendor, code), known))?;
        let mut gpu = Gpu::new(access, model);
        let (part, spec) = (self.spelling.part(), self.mode == Mode::Spec);
        if self.eat(part) {
            if spec && model.is_any_generation() {
                return Err(self.expected_at(start, known));
            }
            gpu.units = Some(self.number("the number of processing units")?);
        }
        if !spec || gpu.units.is_some() {
            gpu.units_grade = self.grade(GpuGrade::ALL);
        }
        if self.eat(part) {
            gpu.vram = Some(self.number("the memory of the GPU in GiB")?);
            gpu.vram_grade = self.grade(if spec { &GpuGrade::ALL[..2] } else { GpuGrade::ALL });
        }
        let bare = gpu.units.is_none() && gpu.units_grade == GpuGrade::Usual;
        if !spec && bare && self.rest().starts_with(self.spelling.extension()) {
            return Err(self.expected("the number of processing units"));
        }
        Ok(gpu)
    }

    fn grade(&mut self, all: &[GpuGrade]) -> GpuGrade {
        self.one_of(all, GpuGrade::code).unwrap_or(GpuGrade::Usual)
    }

    /// A number of at least 1.
    fn number(&mut self, expected: &'static str) -> Result<u64> {
        let start = self.at;
        let digits = self.digits();
        if digits.is_empty() || (self.mode == Mode::Spec && digits.starts_with('0')) {
            return Err(self.expected_at(start, expected));
        }
        let number = value(digits).filter(|&number| number > 0);
        number.ok_or_else(|| self.expected_at(start, expected))
    }

    fn optional_number(&mut self, expected: &'static str) -> Result<Option<u64>> {
        if self.rest().starts_with(|c: char| c.is_ascii_digit()) {
            self.number(expected).map(Some)
        } else {
            Ok(None)
        }
    }

    /// The one whose code comes next; of codes that begin alike, the longer one is later in a table.
    fn one_of<T: Copy>(&mut self, all: &[T], code: fn(T) -> &'static str) -> Option<T> {
        all.iter().rev().copied().find(|&one| self.eat(code(one)))
    }

    fn digits(&mut self) -> &'a str {
        self.take(|b| b.is_ascii_digit())
    }

    /// All that follows and is such a byte.
    fn take(&mut self, fits: impl Fn(u8) -> bool) -> &'a str {
        let rest = self.rest();
        let count = rest.bytes().take_while(|&b| fits(b)).count();
        self.at += count;
        &rest[..count]
    }

    fn eat(&mut self, what: &str) -> bool {
        let found = self.rest().starts_with(what);
        if found {
            self.at += what.len();
        }
        found
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn expected(&self, expected: &'static str) -> InvalidFlavorName {
        self.expected_at(self.at, expected)
    }

    /// All before a place that does not fit is ASCII: its bytes are its characters.
    fn expected_at(&self, position: usize, expected: &'static str) -> InvalidFlavorName {
        InvalidFlavorName { position, expected, found: self.text[position..].chars().next() }
    }
}

/// The value of digits, if it is below 2^64. No digits are zero.
fn value(digits: &str) -> Option<u64> {
    digits
        .bytes()
        .try_fold(0_u64, |value, digit| value.checked_mul(10)?.checked_add(u64::from(digit - b'0')))
}
