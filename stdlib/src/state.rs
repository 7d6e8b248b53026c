//! What the native methods keep per isolate, outside its heap.
//!
//! One `State` is installed when the isolate is made and lives as long as it; natives find it with [`State::of`].

use std::sync::{Arc, OnceLock};

use carafe_vm::env::Env;
use carafe_vm::isolate::{Isolate, VmConfig};

use crate::fields::FieldCaches;
use crate::gate::handles::{Handle, HandleTable};
use crate::gate::signals::Signals;
use crate::gate::{Gate, Grants, Oversight};
use crate::java_util_zip::Streams as ZipStreams;
use crate::jdk_internal_jimage::ImageMap;
use crate::management::{Loads, MemoryBeans, Notifications, StartTime};
use crate::refusals::Refusals;
use crate::sun_nio_ch::Interrupts;
use crate::sun_nio_fs::OpenLists;

/// Everything that natives remember between calls.
pub struct State {
    pub gate: Gate,
    pub handles: HandleTable,
    pub refusals: Refusals,
    pub(crate) fields: FieldCaches,
    pub(crate) lists: OpenLists,
    pub(crate) image: ImageMap,
    pub(crate) interrupts: Interrupts,
    pub(crate) zip: ZipStreams,
    pub(crate) signals: Signals,
    pub(crate) memory_beans: MemoryBeans,
    pub(crate) start_time: StartTime,
    pub(crate) loads: Loads,
    pub(crate) notifications: Notifications,
    /// A socket whose other end is gone: what stands for a socket that is being closed.
    pub(crate) closed_socket: OnceLock<Arc<Handle>>,
}

impl State {
    pub fn new(grants: Grants, oversight: Oversight, config: &VmConfig) -> State {
        State {
            gate: Gate::overseen(grants, oversight),
            handles: HandleTable::new(&config.streams, config.files_max, config.output_max),
            refusals: Refusals::default(),
            fields: FieldCaches::default(),
            lists: OpenLists::new(),
            image: ImageMap::default(),
            interrupts: Interrupts::default(),
            zip: ZipStreams::new(),
            signals: Signals::default(),
            memory_beans: MemoryBeans::default(),
            start_time: StartTime::new(),
            loads: Loads::default(),
            notifications: Notifications::default(),
            closed_socket: OnceLock::new(),
        }
    }

    pub fn of_isolate(vm: &Isolate) -> &State {
        vm.extension::<State>()
    }

    /// The state of the isolate that a native method runs in.
    pub fn of<'s>(env: &Env<'s>) -> &'s State {
        env.vm().extension::<State>()
    }
}
