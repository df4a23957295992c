//! The letters of the standard and what they stand for.

use serde::{Serialize, Serializer, ser::SerializeStruct};

/// An enum whose values stand in a name as a few letters.
macro_rules! codes {
    ($(#[$m:meta])* $name:ident { $($(#[$vm:meta])* $var:ident = $code:literal),+ $(,)? }) => {
        $(#[$m])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name { $($(#[$vm])* $var),+ }

        impl $name {
            /// All of them, in the order of the standard.
            pub const ALL: &[Self] = &[$(Self::$var),+];

            /// The letters in a name.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$var => $code),+ }
            }
        }

        /// It is written as in a name.
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.code())
            }
        }
    };
}

/// An enum of the generations of several vendors.
macro_rules! models {
    ($(#[$m:meta])* $name:ident by $vendor:ident {
        $($(#[$vm:meta])* $var:ident = $maker:ident $code:literal $label:literal),+ $(,)?
    }) => {
        $(#[$m])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name { $($(#[$vm])* #[doc = concat!("`", $code, "`: ", $label, ".")] $var),+ }

        impl $name {
            /// All of them, vendor by vendor.
            pub const ALL: &[Self] = &[$(Self::$var),+];

            /// Who makes it.
            pub const fn vendor(self) -> $vendor {
                match self { $(Self::$var => $vendor::$maker),+ }
            }

            /// The generation as in a name, behind the letter of the vendor.
            pub const fn code(self) -> &'static str {
                match self { $(Self::$var => $code),+ }
            }

            /// What people call it.
            pub const fn label(self) -> &'static str {
                match self { $(Self::$var => $label),+ }
            }

            /// The vendor's generation with this code.
            pub(super) fn find(vendor: $vendor, code: &str) -> Option<Self> {
                let is_it = |model: &Self| model.vendor() == vendor && model.code() == code;
                Self::ALL.iter().copied().find(is_it)
            }

            /// How much of a text begins the code of one of the vendor's generations.
            pub(super) fn begun(vendor: $vendor, text: &str) -> usize {
                let models = Self::ALL.iter().filter(|model| model.vendor() == vendor);
                let same = |(a, b): &(u8, u8)| a == b;
                let common = |model: &Self| {
                    model.code().bytes().zip(text.bytes()).take_while(same).count()
                };
                models.map(common).max().unwrap_or(0)
            }
        }
    };
}

codes! {
    /// What of a CPU a server gets. In this order each promises more than the one before.
    CpuClass {
        /// A heavily shared core, without a promise of performance.
        Crowded = "L",
        /// A shared core: at least a fifth of it in more than 99 % of a month.
        Shared = "V",
        /// A hardware thread of its own.
        DedicatedThread = "T",
        /// A core of its own.
        DedicatedCore = "C",
    }
}

impl CpuClass {
    /// Its value of the extra spec `scs:cpu-type`.
    pub const fn extra_spec(self) -> &'static str {
        match self {
            Self::Crowded => "crowded-core",
            Self::Shared => "shared-core",
            Self::DedicatedThread => "dedicated-thread",
            Self::DedicatedCore => "dedicated-core",
        }
    }
}

codes! {
    /// What a disk is made of. By the standard each may stand in for the ones before, although only
    /// [`Network`](Self::Network) survives the failure of a node and allows live migration.
    DiskType {
        /// Storage in the network; survives the failure of a disk or of a node.
        Network = "n",
        /// A local hard disk.
        Hdd = "h",
        /// A local SSD: at least 1000 sequential operations a second, safe from power loss.
        Ssd = "s",
        /// A local NVMe disk.
        Nvme = "p",
    }
}

impl DiskType {
    /// Its value of the extra spec `scs:diskN-type`.
    pub const fn extra_spec(self) -> &'static str {
        match self {
            Self::Network => "network",
            Self::Hdd => "hdd",
            Self::Ssd => "ssd",
            Self::Nvme => "nvme",
        }
    }
}

codes! {
    /// What runs the server.
    Hypervisor {
        /// KVM.
        Kvm = "kvm",
        /// Cloud Hypervisor; the deprecated spelling has no letters for it.
        CloudHypervisor = "chy",
        /// Xen.
        Xen = "xen",
        /// VMware.
        Vmware = "vmw",
        /// Hyper-V.
        HyperV = "hyv",
        /// None: the server is a machine of its own.
        BareMetal = "bms",
    }
}

codes! {
    /// Who makes a CPU, and its architecture.
    CpuVendor {
        /// Intel, x86-64.
        Intel = "i",
        /// AMD, x86-64.
        Amd = "z",
        /// ARM, 64 bits.
        Arm = "a",
        /// RISC-V.
        RiscV = "r",
    }
}

models! {
    /// A generation of CPUs. Number 0, which is not written, is an old one or an unknown one.
    CpuModel by CpuVendor {
        Intel = Intel "" "Intel",
        IntelSkylake = Intel "1" "Intel Skylake",
        IntelCascadeLake = Intel "2" "Intel Cascade Lake",
        IntelIceLake = Intel "3" "Intel Ice Lake",
        IntelSapphireRapids = Intel "4" "Intel Sapphire Rapids",
        IntelSierraForest = Intel "5" "Intel Sierra Forest",
        IntelGraniteRapids = Intel "6" "Intel Granite Rapids",
        Amd = Amd "" "AMD",
        AmdNaples = Amd "1" "AMD Zen 1 (Naples)",
        AmdRome = Amd "2" "AMD Zen 2 (Rome)",
        AmdMilan = Amd "3" "AMD Zen 3 (Milan)",
        AmdGenoa = Amd "4" "AMD Zen 4 (Genoa)",
        AmdTurin = Amd "5" "AMD Zen 5 (Turin)",
        AmdVenice = Amd "6" "AMD Zen 6 (Venice)",
        Arm = Arm "" "ARM",
        ArmA76 = Arm "1" "ARM A76/Neoverse N1",
        ArmA78 = Arm "2" "ARM A78/X1/Neoverse V1",
        ArmA71x = Arm "3" "ARM A71x/Neoverse N2/V2",
        ArmAmpereOne = Arm "4" "ARM AmpereOne",
        ArmA72x = Arm "5" "ARM A72x/Neoverse N3/V3",
        RiscV = RiscV "" "RISC-V",
    }
}

impl CpuModel {
    /// The number of the generation; 0 is an old one or an unknown one.
    pub const fn generation(self) -> u8 {
        match self.code().as_bytes() {
            [digit] => *digit - b'0',
            _ => 0,
        }
    }

    /// The same vendor, whatever the generation.
    pub const fn any_generation(self) -> Self {
        match self.vendor() {
            CpuVendor::Intel => Self::Intel,
            CpuVendor::Amd => Self::Amd,
            CpuVendor::Arm => Self::Arm,
            CpuVendor::RiscV => Self::RiscV,
        }
    }

    /// The property `architecture` of images that run on it.
    pub const fn architecture(self) -> &'static str {
        match self.vendor() {
            CpuVendor::Intel | CpuVendor::Amd => "x86_64",
            CpuVendor::Arm => "aarch64",
            CpuVendor::RiscV => "riscv64",
        }
    }
}

/// It is written as vendor and number of the generation.
impl Serialize for CpuModel {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut model = serializer.serialize_struct("CpuModel", 2)?;
        model.serialize_field("vendor", &self.vendor())?;
        model.serialize_field("generation", &self.generation())?;
        model.end()
    }
}

codes! {
    /// What all cores of a CPU reach at the same time.
    Frequency {
        /// Nothing is said.
        Unspecified = "",
        /// More than 2.75 GHz.
        High = "h",
        /// More than 3.25 GHz.
        Higher = "hh",
        /// More than 3.75 GHz.
        Highest = "hhh",
    }
}

codes! {
    /// How a server gets its graphics processor.
    GpuAccess {
        /// The device itself.
        PassThrough = "G",
        /// A virtual share of one.
        Virtual = "g",
    }
}

codes! {
    /// Who makes a graphics processor.
    GpuVendor {
        /// NVIDIA; counts streaming multiprocessors.
        Nvidia = "N",
        /// AMD; counts compute units.
        Amd = "A",
        /// Intel; counts execution units.
        Intel = "I",
    }
}

impl GpuVendor {
    /// What the vendor calls the units that do the work.
    pub const fn units(self) -> &'static str {
        match self {
            Self::Nvidia => "SMs",
            Self::Amd => "CUs",
            Self::Intel => "EUs",
        }
    }
}

models! {
    /// A generation of graphics processors.
    GpuModel by GpuVendor {
        Nvidia = Nvidia "" "NVIDIA",
        NvidiaFermi = Nvidia "f" "NVIDIA Fermi",
        NvidiaKepler = Nvidia "k" "NVIDIA Kepler",
        NvidiaMaxwell = Nvidia "m" "NVIDIA Maxwell",
        NvidiaPascal = Nvidia "p" "NVIDIA Pascal",
        NvidiaVolta = Nvidia "v" "NVIDIA Volta",
        NvidiaTuring = Nvidia "t" "NVIDIA Turing",
        NvidiaAmpere = Nvidia "a" "NVIDIA Ampere",
        NvidiaAdaLovelace = Nvidia "l" "NVIDIA Ada Lovelace",
        NvidiaGraceHopper = Nvidia "g" "NVIDIA Grace Hopper",
        NvidiaBlackwell = Nvidia "b" "NVIDIA Blackwell",
        NvidiaBlackwellUltra = Nvidia "u" "NVIDIA Blackwell Ultra",
        Amd = Amd "" "AMD",
        AmdGcn4 = Amd "0.4" "AMD GCN 4",
        AmdGcn5 = Amd "0.5" "AMD GCN 5",
        AmdCdna1 = Amd "1" "AMD CDNA 1",
        AmdRdna1 = Amd "1.1" "AMD RDNA 1",
        AmdCdna2 = Amd "2" "AMD CDNA 2",
        AmdRdna2 = Amd "2.1" "AMD RDNA 2",
        AmdCdna3 = Amd "3" "AMD CDNA 3",
        AmdRdna3 = Amd "3.1" "AMD RDNA 3",
        AmdRdna3_5 = Amd "3.5" "AMD RDNA 3.5",
        AmdCdna4 = Amd "4" "AMD CDNA 4",
        AmdRdna4 = Amd "4.1" "AMD RDNA 4",
        AmdRdna5 = Amd "5.1" "AMD RDNA 5",
        Intel = Intel "" "Intel",
        IntelGen9 = Intel "0.9" "Intel Gen 9",
        IntelGen9_5 = Intel "0.95" "Intel Gen 9.5",
        IntelXe1 = Intel "1" "Intel Xe 1 (12.1)",
        IntelXe2 = Intel "2" "Intel Xe 2 (12.2)",
        IntelArc = Intel "3" "Intel Arc (12.7)",
        IntelBattlemage = Intel "4" "Intel Battlemage (20.0)",
    }
}

impl GpuModel {
    /// Whether the name says nothing but the vendor.
    pub const fn is_any_generation(self) -> bool {
        self.code().is_empty()
    }
}

/// It is written as vendor and code of the generation, which is `null` if it is not said.
impl Serialize for GpuModel {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let generation = Some(self.code()).filter(|code| !code.is_empty());
        let mut model = serializer.serialize_struct("GpuModel", 2)?;
        model.serialize_field("vendor", &self.vendor())?;
        model.serialize_field("generation", &generation)?;
        model.end()
    }
}

codes! {
    /// How the processing units or the memory of a graphics processor compare with those of others
    /// of its generation.
    GpuGrade {
        /// As usual.
        Usual = "",
        /// Units of high frequency, memory of high bandwidth.
        High = "h",
        /// Still higher.
        Higher = "hh",
    }
}
