//! `jdk.internal.reflect.ConstantPool`: a class's run-time constant pool, for the library's annotation parser.
//!
//! Every native gets back the object that `Class.getConstantPool` put into the view: the Class itself. An index that is not
//! in the pool, and an entry of another kind than asked for, is IllegalArgumentException.

use carafe_classloader::class::pool::{MemberRef, tag};
use carafe_classloader::class::{Class, Pool};
use carafe_gc::metaspace::{ClassId, Metaspace};
use carafe_vm::env::{Env, JResult, Local, Throw};
use carafe_vm::linkage::{self, constants};
use carafe_vm::natives;

use crate::java_lang::class::members;

natives! { pub(super) static CONSTANT_POOL for "jdk/internal/reflect/ConstantPool" {
    "getSize0" "(Ljava/lang/Object;)I" = get_size(obj, obj): isolate;
    "getClassAt0" "(Ljava/lang/Object;I)Ljava/lang/Class;" = get_class(obj, obj, int): isolate;
    "getClassAtIfLoaded0" "(Ljava/lang/Object;I)Ljava/lang/Class;" = get_class_if_loaded(obj, obj, int): isolate;
    "getClassRefIndexAt0" "(Ljava/lang/Object;I)I" = get_class_ref_index(obj, obj, int): isolate;
    "getMethodAt0" "(Ljava/lang/Object;I)Ljava/lang/reflect/Member;" = get_method(obj, obj, int): isolate;
    "getMethodAtIfLoaded0" "(Ljava/lang/Object;I)Ljava/lang/reflect/Member;" =
        get_method_if_loaded(obj, obj, int): isolate;
    "getFieldAt0" "(Ljava/lang/Object;I)Ljava/lang/reflect/Field;" = get_field(obj, obj, int): isolate;
    "getFieldAtIfLoaded0" "(Ljava/lang/Object;I)Ljava/lang/reflect/Field;" =
        get_field_if_loaded(obj, obj, int): isolate;
    "getMemberRefInfoAt0" "(Ljava/lang/Object;I)[Ljava/lang/String;" = get_member_ref_info(obj, obj, int): isolate;
    "getNameAndTypeRefIndexAt0" "(Ljava/lang/Object;I)I" = get_name_and_type_ref_index(obj, obj, int): isolate;
    "getNameAndTypeRefInfoAt0" "(Ljava/lang/Object;I)[Ljava/lang/String;" =
        get_name_and_type_ref_info(obj, obj, int): isolate;
    "getIntAt0" "(Ljava/lang/Object;I)I" = get_int(obj, obj, int): isolate;
    "getLongAt0" "(Ljava/lang/Object;I)J" = get_long(obj, obj, int): isolate;
    "getFloatAt0" "(Ljava/lang/Object;I)F" = get_float(obj, obj, int): isolate;
    "getDoubleAt0" "(Ljava/lang/Object;I)D" = get_double(obj, obj, int): isolate;
    "getStringAt0" "(Ljava/lang/Object;I)Ljava/lang/String;" = get_string(obj, obj, int): isolate;
    "getUTF8At0" "(Ljava/lang/Object;I)Ljava/lang/String;" = get_utf8(obj, obj, int): isolate;
    "getTagAt0" "(Ljava/lang/Object;I)B" = get_tag(obj, obj, int): isolate;
} }

/// Tags of entries that refer to a member.
const MEMBERS: &[u8] = &[tag::FIELD, tag::METHOD, tag::INTERFACE_METHOD];

/// A pool entry whose index and kind have been checked.
struct Entry<'s> {
    class: &'s Class,
    pool: &'s Pool,
    meta: &'s Metaspace,
    index: u16,
    tag: u8,
}

impl<'s> Entry<'s> {
    fn raw(&self) -> u64 {
        self.pool.raw(self.meta, self.index)
    }

    fn member(&self) -> MemberRef {
        self.pool.member(self.meta, self.index)
    }
}

fn class_and_pool<'s>(env: &mut Env<'s>, holder: Local<'_>) -> JResult<(&'s Class, &'s Pool)> {
    if !env.instance_of(holder, env.wk().class.id) {
        return Err(env.throw_npe());
    }
    let class = env.class(env.class_of_mirror(holder));
    if class.pool.is_null() {
        return Err(out_of_bounds(env));
    }
    Ok((class, env.vm().meta.get(class.pool)))
}

fn out_of_bounds(env: &mut Env<'_>) -> Throw {
    env.throw_illegal_argument("Constant pool index out of bounds")
}

/// The entry at `index`, of any kind.
fn any<'s>(env: &mut Env<'s>, holder: Local<'_>, index: i32) -> JResult<Entry<'s>> {
    let (class, pool) = class_and_pool(env, holder)?;
    let meta: &'s Metaspace = &env.vm().meta;
    match u16::try_from(index) {
        Ok(index) if usize::from(index) < pool.len() => {
            Ok(Entry { class, pool, meta, index, tag: pool.tag(meta, index) })
        }
        _ => Err(out_of_bounds(env)),
    }
}

/// The entry at `index`, which must have one of the tags.
fn entry<'s>(env: &mut Env<'s>, holder: Local<'_>, index: i32, tags: &[u8]) -> JResult<Entry<'s>> {
    let entry = any(env, holder, index)?;
    if tags.contains(&entry.tag) {
        Ok(entry)
    } else {
        Err(env.throw_illegal_argument("Wrong type at constant pool index"))
    }
}

fn get_size<'s>(env: &mut Env<'s>, _this: Local<'s>, holder: Local<'s>) -> JResult<i32> {
    let (_, pool) = class_and_pool(env, holder)?;
    Ok(pool.len() as i32)
}

fn get_class<'s>(env: &mut Env<'s>, _this: Local<'s>, holder: Local<'s>, index: i32) -> JResult<Local<'s>> {
    let entry = entry(env, holder, index, &[tag::CLASS])?;
    let class = constants::class(env, entry.class.id, entry.index)?;
    Ok(env.mirror(class))
}

fn get_class_if_loaded<'s>(
    env: &mut Env<'s>,
    _this: Local<'s>,
    holder: Local<'s>,
    index: i32,
) -> JResult<Local<'s>> {
    let entry = entry(env, holder, index, &[tag::CLASS])?;
    match loaded(env, entry.class, entry.index) {
        Some(class) => Ok(env.mirror(class)),
        None => Ok(Local::NULL),
    }
}

/// The class of a Class entry, if the class's loader has it without loading anything. For arrays only once resolved.
fn loaded(env: &Env<'_>, class: &Class, index: u16) -> Option<ClassId> {
    let vm = env.vm();
    constants::resolved_class(vm, class.id, index).or_else(|| {
        let name = vm.meta.get(class.pool).class_name(&vm.meta, index);
        vm.universe.find_loaded(class.loader, name)
    })
}

fn get_class_ref_index<'s>(
    env: &mut Env<'s>,
    _this: Local<'s>,
    holder: Local<'s>,
    index: i32,
) -> JResult<i32> {
    let entry = entry(env, holder, index, MEMBERS)?;
    Ok(i32::from(entry.member().class_index))
}

fn get_method<'s>(env: &mut Env<'s>, _this: Local<'s>, holder: Local<'s>, index: i32) -> JResult<Local<'s>> {
    method(env, holder, index, true)
}

fn get_method_if_loaded<'s>(
    env: &mut Env<'s>,
    _this: Local<'s>,
    holder: Local<'s>,
    index: i32,
) -> JResult<Local<'s>> {
    method(env, holder, index, false)
}

/// The class that a member entry names; `None` if it is not loaded and shall not be.
fn target(env: &mut Env<'_>, entry: &Entry<'_>, load: bool) -> JResult<Option<ClassId>> {
    let index = entry.member().class_index;
    let target = if load {
        Some(constants::class(env, entry.class.id, index)?)
    } else {
        loaded(env, entry.class, index)
    };
    if let Some(target) = target {
        linkage::link(env, target)?;
    }
    Ok(target)
}

/// A Method or Constructor that the target class itself declares.
fn method<'s>(env: &mut Env<'s>, holder: Local<'s>, index: i32, load: bool) -> JResult<Local<'s>> {
    let entry = entry(env, holder, index, &[tag::METHOD, tag::INTERFACE_METHOD])?;
    let Some(target) = target(env, &entry, load)? else { return Ok(Local::NULL) };
    let member = entry.member();
    match env.class(target).find_declared(entry.meta, member.name, member.descriptor) {
        Some(method) if method.is_init() => members::constructor_object(env, method),
        Some(method) => members::method_object(env, method),
        None => Err(env.throw("java/lang/RuntimeException", "Unable to look up method in target class")),
    }
}

fn get_field<'s>(env: &mut Env<'s>, _this: Local<'s>, holder: Local<'s>, index: i32) -> JResult<Local<'s>> {
    field(env, holder, index, true)
}

fn get_field_if_loaded<'s>(
    env: &mut Env<'s>,
    _this: Local<'s>,
    holder: Local<'s>,
    index: i32,
) -> JResult<Local<'s>> {
    field(env, holder, index, false)
}

/// A Field that the target class declares or inherits.
fn field<'s>(env: &mut Env<'s>, holder: Local<'s>, index: i32, load: bool) -> JResult<Local<'s>> {
    let entry = entry(env, holder, index, &[tag::FIELD])?;
    let Some(target) = target(env, &entry, load)? else { return Ok(Local::NULL) };
    let member = entry.member();
    match env.vm().universe.find_field(target, member.name, member.descriptor) {
        Some(field) => members::field_object(env, field),
        None => Err(env.throw("java/lang/RuntimeException", "Unable to look up field in target class")),
    }
}

/// Class name in internal form, member name, descriptor.
fn get_member_ref_info<'s>(
    env: &mut Env<'s>,
    _this: Local<'s>,
    holder: Local<'s>,
    index: i32,
) -> JResult<Local<'s>> {
    let entry = entry(env, holder, index, MEMBERS)?;
    let member = entry.member();
    let class = entry.pool.class_name(entry.meta, member.class_index);
    strings(env, &[class, member.name, member.descriptor])
}

fn strings<'s>(env: &mut Env<'s>, symbols: &[carafe_classloader::symbols::Symbol]) -> JResult<Local<'s>> {
    let array = env.new_ref_array(env.wk().string.id, symbols.len())?;
    for (index, symbol) in symbols.iter().enumerate() {
        env.scope(|env| {
            let text = env.string_of_symbol(*symbol)?;
            env.set_elem(array, index, text);
            Ok(())
        })?;
    }
    Ok(array)
}

fn get_name_and_type_ref_index<'s>(
    env: &mut Env<'s>,
    _this: Local<'s>,
    holder: Local<'s>,
    index: i32,
) -> JResult<i32> {
    let tags = [tag::FIELD, tag::METHOD, tag::INTERFACE_METHOD, tag::DYNAMIC, tag::INVOKE_DYNAMIC];
    let entry = entry(env, holder, index, &tags)?;
    // Of all these entries the raw word has the NameAndType's index in its second half-word (see `class::pool`).
    Ok(i32::from((entry.raw() >> 16) as u16))
}

fn get_name_and_type_ref_info<'s>(
    env: &mut Env<'s>,
    _this: Local<'s>,
    holder: Local<'s>,
    index: i32,
) -> JResult<Local<'s>> {
    let entry = entry(env, holder, index, &[tag::NAME_AND_TYPE])?;
    let (name, descriptor) = entry.pool.name_and_type(entry.meta, entry.index);
    strings(env, &[name, descriptor])
}

fn get_int<'s>(env: &mut Env<'s>, _this: Local<'s>, holder: Local<'s>, index: i32) -> JResult<i32> {
    Ok(entry(env, holder, index, &[tag::INTEGER])?.raw() as u32 as i32)
}

fn get_long<'s>(env: &mut Env<'s>, _this: Local<'s>, holder: Local<'s>, index: i32) -> JResult<i64> {
    Ok(entry(env, holder, index, &[tag::LONG])?.raw() as i64)
}

fn get_float<'s>(env: &mut Env<'s>, _this: Local<'s>, holder: Local<'s>, index: i32) -> JResult<f32> {
    Ok(f32::from_bits(entry(env, holder, index, &[tag::FLOAT])?.raw() as u32))
}

fn get_double<'s>(env: &mut Env<'s>, _this: Local<'s>, holder: Local<'s>, index: i32) -> JResult<f64> {
    Ok(f64::from_bits(entry(env, holder, index, &[tag::DOUBLE])?.raw()))
}

fn get_string<'s>(env: &mut Env<'s>, _this: Local<'s>, holder: Local<'s>, index: i32) -> JResult<Local<'s>> {
    let entry = entry(env, holder, index, &[tag::STRING])?;
    constants::string(env, entry.class.id, entry.index)
}

fn get_utf8<'s>(env: &mut Env<'s>, _this: Local<'s>, holder: Local<'s>, index: i32) -> JResult<Local<'s>> {
    let entry = entry(env, holder, index, &[tag::UTF8])?;
    env.new_string_mutf8(entry.pool.utf8(entry.meta, entry.index))
}

fn get_tag<'s>(env: &mut Env<'s>, _this: Local<'s>, holder: Local<'s>, index: i32) -> JResult<i8> {
    Ok(any(env, holder, index)?.tag as i8)
}
