//! `sun.management`'s memory: pools, managers, collectors and what the last collection did.
//!
//! The bean objects are made once, through the library's own factories, and kept: the library compares them by identity.

use std::sync::OnceLock;

use carafe_vm::env::{Env, Global, JResult, Local, Value};
use carafe_vm::figures::{METASPACE, OLD, POOLS, Usage};
use carafe_vm::log::TagSet;
use carafe_vm::log::gc::Collection;
use carafe_vm::natives;

use crate::State;
use crate::errors;

natives! { pub(super) static MEMORY for "sun/management/MemoryImpl" {
    "getMemoryPools0" "()[Ljava/lang/management/MemoryPoolMXBean;" = get_memory_pools(): isolate;
    "getMemoryManagers0" "()[Ljava/lang/management/MemoryManagerMXBean;" = get_memory_managers(): isolate;
    "getMemoryUsage0" "(Z)Ljava/lang/management/MemoryUsage;" = get_memory_usage(obj, bool): isolate;
    "setVerboseGC" "(Z)V" = set_verbose_gc(obj, bool): isolate;
} }

natives! { pub(super) static MEMORY_POOL for "sun/management/MemoryPoolImpl" {
    "getUsage0" "()Ljava/lang/management/MemoryUsage;" = get_usage(obj): isolate;
    "getPeakUsage0" "()Ljava/lang/management/MemoryUsage;" = get_peak_usage(obj): isolate;
    "getCollectionUsage0" "()Ljava/lang/management/MemoryUsage;" = get_collection_usage(obj): isolate;
    "resetPeakUsage0" "()V" = reset_peak_usage(obj): isolate;
    "getMemoryManagers0" "()[Ljava/lang/management/MemoryManagerMXBean;" = get_managers_of_pool(obj): isolate;
} }

natives! { pub(super) static MEMORY_MANAGER for "sun/management/MemoryManagerImpl" {
    "getMemoryPools0" "()[Ljava/lang/management/MemoryPoolMXBean;" = get_pools_of_manager(obj): isolate;
} }

natives! { pub(super) static GARBAGE_COLLECTOR for "sun/management/GarbageCollectorImpl" {
    "getCollectionCount" "()J" = get_collection_count(obj): isolate;
    "getCollectionTime" "()J" = get_collection_time(obj): isolate;
} }

natives! { pub(super) static GC_INFO_BUILDER for "com/sun/management/internal/GcInfoBuilder" {
    "getNumGcExtAttributes" "(Ljava/lang/management/GarbageCollectorMXBean;)I" =
        get_num_gc_ext_attributes(obj, obj): isolate;
    "fillGcAttributeInfo"
        "(Ljava/lang/management/GarbageCollectorMXBean;I[Ljava/lang/String;[C[Ljava/lang/String;)V" =
        fill_gc_attribute_info(obj, obj, int, obj, obj, obj): isolate;
    "getLastGcInfo0"
        "(Ljava/lang/management/GarbageCollectorMXBean;I[Ljava/lang/Object;[C[Ljava/lang/management/MemoryUsage;[Ljava/lang/management/MemoryUsage;)Lcom/sun/management/GcInfo;" =
        get_last_gc_info(obj, obj, int, obj, obj, obj, obj): clock;
} }

/// The library's objects for pools, and for their managers: both collectors, then metaspace's.
#[derive(Default)]
pub(crate) struct MemoryBeans {
    made: OnceLock<Beans>,
}

struct Beans {
    pools: [Global; POOLS],
    managers: [Global; MANAGERS],
}

const MANAGERS: usize = 3;
const METASPACE_MANAGER: usize = 2;

fn beans<'s>(env: &mut Env<'s>) -> JResult<&'s Beans> {
    let beans = &State::of(env).memory_beans.made;
    if let Some(made) = beans.get() {
        return Ok(made);
    }
    let figures = env.vm().figures();
    let pools = [pool(env, 0)?, pool(env, 1)?, pool(env, 2)?];
    let collectors = figures.collectors.map(|collector| collector.name);
    let managers =
        [collector(env, collectors[0])?, collector(env, collectors[1])?, manager(env, "Metaspace Manager")?];
    // Whoever else made them meanwhile was first, and these are forgotten.
    Ok(beans.get_or_init(|| Beans { pools, managers }))
}

const HELPER: &str = "sun/management/ManagementFactoryHelper";

fn pool(env: &mut Env<'_>, at: usize) -> JResult<Global> {
    const NO_THRESHOLD: i64 = -1;
    let pool = env.vm().figures().pools[at];
    let helper = env.boot_class(HELPER)?;
    let name = env.new_string(pool.name)?;
    let arguments = [
        Value::Ref(name),
        Value::Int(i32::from(pool.is_heap)),
        Value::Long(NO_THRESHOLD),
        Value::Long(NO_THRESHOLD),
    ];
    let descriptor = "(Ljava/lang/String;ZJJ)Ljava/lang/management/MemoryPoolMXBean;";
    let made = env.call_static(helper, "createMemoryPool", descriptor, &arguments)?.local();
    env.global(made)
}

fn manager(env: &mut Env<'_>, name: &str) -> JResult<Global> {
    let helper = env.boot_class(HELPER)?;
    let name = env.new_string(name)?;
    let descriptor = "(Ljava/lang/String;)Ljava/lang/management/MemoryManagerMXBean;";
    let made = env.call_static(helper, "createMemoryManager", descriptor, &[Value::Ref(name)])?.local();
    env.global(made)
}

/// A collector's bean: of the extended kind, if the image has it.
fn collector(env: &mut Env<'_>, name: &str) -> JResult<Global> {
    let descriptor = "(Ljava/lang/String;Ljava/lang/String;)Ljava/lang/management/GarbageCollectorMXBean;";
    let extended = env.vm().universe.sym("com/sun/management/internal/GarbageCollectorExtImpl").is_ok()
        && has_class(env, "com/sun/management/internal/GarbageCollectorExtImpl");
    let factory = if extended { "com/sun/management/internal/GarbageCollectorExtImpl" } else { HELPER };
    let class = env.boot_class(factory)?;
    let name = env.new_string(name)?;
    let arguments = [Value::Ref(name), Value::Ref(Local::NULL)];
    let made = env.call_static(class, "createGarbageCollector", descriptor, &arguments)?.local();
    env.global(made)
}

fn has_class(env: &mut Env<'_>, name: &str) -> bool {
    match env.boot_class(name) {
        Ok(_) => true,
        Err(_) => {
            env.take_exception();
            false
        }
    }
}

fn place(env: &mut Env<'_>, beans: &[Global], this: Local<'_>) -> Option<usize> {
    let raw = env.raw(this);
    beans.iter().position(|bean| bean.get() == raw)
}

fn bean_array<'s>(env: &mut Env<'s>, class: &str, beans: &[&Global]) -> JResult<Local<'s>> {
    let class = env.boot_class(class)?;
    let array = env.new_ref_array(class, beans.len())?;
    for (index, bean) in beans.iter().enumerate() {
        let bean = env.local_of(bean);
        env.set_elem(array, index, bean);
    }
    Ok(array)
}

const POOL_BEAN: &str = "java/lang/management/MemoryPoolMXBean";
const MANAGER_BEAN: &str = "java/lang/management/MemoryManagerMXBean";

fn get_memory_pools<'s>(env: &mut Env<'s>) -> JResult<Local<'s>> {
    let all: Vec<&Global> = beans(env)?.pools.iter().collect();
    bean_array(env, POOL_BEAN, &all)
}

fn get_memory_managers<'s>(env: &mut Env<'s>) -> JResult<Local<'s>> {
    let all: Vec<&Global> = beans(env)?.managers.iter().collect();
    bean_array(env, MANAGER_BEAN, &all)
}

/// Places of the pools that a manager looks after.
fn pools_of(env: &Env<'_>, manager: usize) -> Vec<usize> {
    match env.vm().figures().collectors.get(manager) {
        Some(collector) => collector.pools.to_vec(),
        None => vec![METASPACE],
    }
}

fn get_pools_of_manager<'s>(env: &mut Env<'s>, this: Local<'s>) -> JResult<Local<'s>> {
    let beans = beans(env)?;
    let pools = place(env, &beans.managers, this).map(|at| pools_of(env, at)).unwrap_or_default();
    let pools: Vec<&Global> = pools.iter().map(|at| &beans.pools[*at]).collect();
    bean_array(env, POOL_BEAN, &pools)
}

fn get_managers_of_pool<'s>(env: &mut Env<'s>, this: Local<'s>) -> JResult<Local<'s>> {
    let beans = beans(env)?;
    let pool = place(env, &beans.pools, this);
    let looks_after = |manager: &usize| pool.is_some_and(|pool| pools_of(env, *manager).contains(&pool));
    let managers: Vec<usize> = (0..=METASPACE_MANAGER).filter(looks_after).collect();
    let managers: Vec<&Global> = managers.into_iter().map(|at| &beans.managers[at]).collect();
    bean_array(env, MANAGER_BEAN, &managers)
}

fn usage<'s>(env: &mut Env<'s>, init: u64, usage: Usage, max: Option<u64>) -> JResult<Local<'s>> {
    let class = env.boot_class("java/lang/management/MemoryUsage")?;
    // The library refuses a pool that uses more than it has.
    let committed = usage.committed.max(usage.used);
    let max = max.map_or(-1, |max| max.max(committed) as i64);
    let arguments = [
        Value::Long(init as i64),
        Value::Long(usage.used as i64),
        Value::Long(committed as i64),
        Value::Long(max),
    ];
    env.new_object(class, "(JJJJ)V", &arguments)
}

fn sum(pools: impl Iterator<Item = Usage>) -> Usage {
    pools.fold(Usage::default(), |a, b| Usage { used: a.used + b.used, committed: a.committed + b.committed })
}

fn get_memory_usage<'s>(env: &mut Env<'s>, _: Local<'s>, heap: bool) -> JResult<Local<'s>> {
    let vm = env.vm();
    let figures = vm.figures();
    let pools = || figures.pools.iter().filter(|pool| pool.is_heap == heap);
    let all = sum(pools().map(|pool| Usage { used: pool.used, committed: pool.committed }));
    let init = if heap { vm.config.heap_initial } else { 0 };
    usage(env, init, all, Some(if heap { vm.heap.max_bytes() } else { vm.meta.max_bytes() }))
}

fn set_verbose_gc<'s>(env: &mut Env<'s>, _: Local<'s>, on: bool) -> JResult<()> {
    env.vm().log.set_verbose(TagSet::Gc, on);
    Ok(())
}

/// Which pool a bean is of, with what it may grow to; a program cannot make beans of its own.
fn pool_of(env: &mut Env<'_>, this: Local<'_>) -> JResult<usize> {
    let beans = beans(env)?;
    match place(env, &beans.pools, this) {
        Some(at) => Ok(at),
        None => Err(env.throw("java/lang/InternalError", "Memory Pool not found")),
    }
}

fn max_of(env: &Env<'_>, pool: usize) -> Option<u64> {
    Some(env.vm().figures().pools[pool].max).filter(|max| *max > 0)
}

fn get_usage<'s>(env: &mut Env<'s>, this: Local<'s>) -> JResult<Local<'s>> {
    let at = pool_of(env, this)?;
    let (now, max) = (env.vm().pool_usage()[at], max_of(env, at));
    let init = if at == OLD { env.vm().config.heap_initial } else { 0 };
    usage(env, init, now, max)
}

fn get_peak_usage<'s>(env: &mut Env<'s>, this: Local<'s>) -> JResult<Local<'s>> {
    let at = pool_of(env, this)?;
    let (peak, max) = (env.vm().figures().pools[at].peak, max_of(env, at));
    usage(env, 0, peak, max)
}

/// What was in use after the last collection; null for a pool that is not collected.
fn get_collection_usage<'s>(env: &mut Env<'s>, this: Local<'s>) -> JResult<Local<'s>> {
    let at = pool_of(env, this)?;
    if at == METASPACE {
        return Ok(Local::NULL);
    }
    let after = env.vm().collections.latest().map(|collection| collection.after[at]).unwrap_or_default();
    let max = max_of(env, at);
    usage(env, 0, after, max)
}

fn reset_peak_usage<'s>(env: &mut Env<'s>, this: Local<'s>) -> JResult<()> {
    let at = pool_of(env, this)?;
    env.vm().reset_peak(at);
    Ok(())
}

// ---- collectors ------------------------------------------------------------------------------------------------------------

pub(super) fn collector_of(env: &mut Env<'_>, this: Local<'_>) -> JResult<usize> {
    let beans = beans(env)?;
    match place(env, &beans.managers, this).filter(|at| *at < METASPACE_MANAGER) {
        Some(at) => Ok(at),
        None => Err(env.throw("java/lang/InternalError", "GC memory manager not found")),
    }
}

/// The bean of a collector.
pub(super) fn collector_bean<'s>(env: &mut Env<'s>, collector: usize) -> JResult<Local<'s>> {
    let beans = beans(env)?;
    Ok(env.local_of(&beans.managers[collector]))
}

fn get_collection_count<'s>(env: &mut Env<'s>, this: Local<'s>) -> JResult<i64> {
    let at = collector_of(env, this)?;
    Ok(env.vm().figures().collectors[at].collections as i64)
}

fn get_collection_time<'s>(env: &mut Env<'s>, this: Local<'s>) -> JResult<i64> {
    let at = collector_of(env, this)?;
    Ok(env.vm().figures().collectors[at].time.as_millis() as i64)
}

/// One: how many threads collect.
fn get_num_gc_ext_attributes<'s>(_: &mut Env<'s>, _: Local<'s>, _: Local<'s>) -> JResult<i32> {
    Ok(1)
}

fn fill_gc_attribute_info<'s>(
    env: &mut Env<'s>,
    _: Local<'s>,
    _: Local<'s>,
    _count: i32,
    names: Local<'s>,
    types: Local<'s>,
    descriptions: Local<'s>,
) -> JResult<()> {
    if env.is_null(names) || env.is_null(types) || env.is_null(descriptions) {
        return Err(env.throw_npe());
    }
    let name = env.new_string("GcThreadCount")?;
    env.set_elem(names, 0, name);
    env.write_array(types, 0, &[u16::from(b'I')]);
    let description = env.new_string("Number of GC threads")?;
    env.set_elem(descriptions, 0, description);
    Ok(())
}

fn get_last_gc_info<'s>(
    env: &mut Env<'s>,
    this: Local<'s>,
    collector: Local<'s>,
    _count: i32,
    values: Local<'s>,
    _types: Local<'s>,
    before: Local<'s>,
    after: Local<'s>,
) -> JResult<Local<'s>> {
    let at = collector_of(env, collector)?;
    let Some(collection) = env.vm().collections.last(at) else { return Ok(Local::NULL) };
    if env.is_null(values) || env.is_null(before) || env.is_null(after) {
        return Err(env.throw_npe());
    }
    fill_gc_info(env, this, &collection, [values, before, after])
}

/// A GcInfo of a collection, made by the builder that belongs to the collector's bean.
pub(super) fn gc_info<'s>(
    env: &mut Env<'s>,
    builder: Local<'s>,
    collection: &Collection,
) -> JResult<Local<'s>> {
    let values = env.new_ref_array(env.wk().object.id, 1)?;
    let class = env.boot_class("java/lang/management/MemoryUsage")?;
    let (before, after) = (env.new_ref_array(class, POOLS)?, env.new_ref_array(class, POOLS)?);
    fill_gc_info(env, builder, collection, [values, before, after])
}

fn fill_gc_info<'s>(
    env: &mut Env<'s>,
    builder: Local<'s>,
    collection: &Collection,
    [values, before, after]: [Local<'s>; 3],
) -> JResult<Local<'s>> {
    for pool in 0..POOLS {
        env.scope(|env| -> JResult<()> {
            let max = max_of(env, pool);
            let usage_before = usage(env, 0, collection.before[pool], max)?;
            env.set_elem(before, pool, usage_before);
            let usage_after = usage(env, 0, collection.after[pool], max)?;
            env.set_elem(after, pool, usage_after);
            Ok(())
        })?;
    }
    let integer = env.wk().integer_box.id;
    let threads = env.call_static(integer, "valueOf", "(I)Ljava/lang/Integer;", &[Value::Int(1)])?.local();
    env.set_elem(values, 0, threads);
    let class = env.boot_class("com/sun/management/GcInfo")?;
    let gate = &State::of(env).gate;
    let times = gate
        .elapsed(collection.began)
        .and_then(|began| Ok((began, gate.elapsed(collection.began + collection.pause)?)));
    let (began, ended) = times.map_err(|e| errors::io(env, &e))?;
    let descriptor = "(Lcom/sun/management/internal/GcInfoBuilder;JJJ[Ljava/lang/management/MemoryUsage;[Ljava/lang/management/MemoryUsage;[Ljava/lang/Object;)V";
    env.new_object(
        class,
        descriptor,
        &[
            Value::Ref(builder),
            Value::Long(collection.number as i64),
            Value::Long(began.as_millis() as i64),
            Value::Long(ended.as_millis() as i64),
            Value::Ref(before),
            Value::Ref(after),
            Value::Ref(values),
        ],
    )
}
