//! Classes and fields that the VM itself touches, in one table.
//!
//! A row names a library class and the fields whose offsets the VM needs; `WellKnown::load` loads every class and looks
//! the fields up once. A name that the library does not have is a start-up error: it means that the image is not the
//! one that this VM was written for.

use carafe_classloader::link::{LinkError, LinkErrorKind, LinkHost};
use carafe_classloader::universe::Universe;
use carafe_gc::metaspace::ClassId;

macro_rules! well_known {
    ($($class:ident = $name:literal { $($field:ident = $fname:literal $desc:literal),* $(,)? })*) => {
        /// One struct per class: its id and the byte offset of each listed field (in the object, or in the mirror for statics).
        pub mod classes {
            use carafe_gc::metaspace::ClassId;
            $(
                #[allow(non_camel_case_types, reason = "named like the table row it belongs to")]
                #[derive(Clone, Copy)]
                pub struct $class { pub id: ClassId, $(pub $field: u32),* }
            )*
        }

        pub struct WellKnown { $(pub $class: classes::$class),* }

        impl WellKnown {
            /// Loads every class of the table with the boot loader.
            pub fn load<H: LinkHost>(universe: &Universe, host: &mut H) -> Result<WellKnown, H::Error> {
                Ok(WellKnown { $($class: {
                    let id = load_one(universe, host, $name)?;
                    classes::$class { id, $($field: field_offset(universe, id, $fname, $desc)?),* }
                }),* })
            }

            /// The ids of all classes of the table.
            pub fn ids(&self) -> Vec<ClassId> {
                vec![$(self.$class.id),*]
            }
        }
    };
}

well_known! {
    object = "java/lang/Object" {}
    class = "java/lang/Class" {
        class_loader = "classLoader" "Ljava/lang/ClassLoader;", module = "module" "Ljava/lang/Module;",
        component_type = "componentType" "Ljava/lang/Class;", modifiers = "modifiers" "C", primitive = "primitive" "Z",
        protection_domain = "protectionDomain" "Ljava/security/ProtectionDomain;", class_data = "classData" "Ljava/lang/Object;",
        name = "name" "Ljava/lang/String;", klass = "klass" "I", resolved = "resolved" "Ljava/lang/Object;",
    }
    string = "java/lang/String" {
        value = "value" "[B", coder = "coder" "B", hash = "hash" "I", hash_is_zero = "hashIsZero" "Z",
        compact_strings = "COMPACT_STRINGS" "Z",
    }
    class_loader = "java/lang/ClassLoader" {
        parent = "parent" "Ljava/lang/ClassLoader;", name = "name" "Ljava/lang/String;",
        name_and_id = "nameAndId" "Ljava/lang/String;", unnamed_module = "unnamedModule" "Ljava/lang/Module;",
        parallel_lock_map = "parallelLockMap" "Ljava/util/concurrent/ConcurrentHashMap;", loader_id = "loaderId" "I",
        kept = "kept" "Ljava/lang/Object;", kept_count = "keptCount" "I",
    }
    system = "java/lang/System" {
        in_ = "in" "Ljava/io/InputStream;", out = "out" "Ljava/io/PrintStream;", err = "err" "Ljava/io/PrintStream;",
    }
    throwable = "java/lang/Throwable" {
        backtrace = "backtrace" "Ljava/lang/Object;", depth = "depth" "I",
        stack_trace = "stackTrace" "[Ljava/lang/StackTraceElement;", detail_message = "detailMessage" "Ljava/lang/String;",
        cause = "cause" "Ljava/lang/Throwable;", suppressed = "suppressedExceptions" "Ljava/util/List;",
        unassigned_stack = "UNASSIGNED_STACK" "[Ljava/lang/StackTraceElement;",
        suppressed_sentinel = "SUPPRESSED_SENTINEL" "Ljava/util/List;",
    }
    thread = "java/lang/Thread" {
        eetop = "eetop" "J", tid = "tid" "J", name = "name" "Ljava/lang/String;",
        holder = "holder" "Ljava/lang/Thread$FieldHolder;", interrupted = "interrupted" "Z",
        context_class_loader = "contextClassLoader" "Ljava/lang/ClassLoader;",
        scoped_value_bindings = "scopedValueBindings" "Ljava/lang/Object;",
        park_blocker = "parkBlocker" "Ljava/lang/Object;",
    }
    field_holder = "java/lang/Thread$FieldHolder" {
        group = "group" "Ljava/lang/ThreadGroup;", stack_size = "stackSize" "J", priority = "priority" "I",
        daemon = "daemon" "Z", thread_status = "threadStatus" "I",
    }
    continuation = "jdk/internal/vm/Continuation" {
        scope = "scope" "Ljdk/internal/vm/ContinuationScope;", parent = "parent" "Ljdk/internal/vm/Continuation;",
        tail = "tail" "Ljdk/internal/vm/StackChunk;",
    }
    stack_chunk = "jdk/internal/vm/StackChunk" {
        size = "size" "I", sp = "sp" "I", bottom = "bottom" "I", frozen = "frozen" "Ljava/lang/Object;",
    }
    virtual_thread = "java/lang/VirtualThread" {
        state = "state" "I", on_waiting_list = "onWaitingList" "Z", next = "next" "Ljava/lang/VirtualThread;",
        notified = "notified" "Z", timeout = "timeout" "J",
    }
    thread_group = "java/lang/ThreadGroup" { name = "name" "Ljava/lang/String;", daemon = "daemon" "Z" }
    base_virtual_thread = "java/lang/BaseVirtualThread" {}
    ownable_synchronizer = "java/util/concurrent/locks/AbstractOwnableSynchronizer" { owner = "exclusiveOwnerThread" "Ljava/lang/Thread;" }
    stack_trace_element = "java/lang/StackTraceElement" {
        declaring_class_object = "declaringClassObject" "Ljava/lang/Class;", declaring_class = "declaringClass" "Ljava/lang/String;",
        class_loader_name = "classLoaderName" "Ljava/lang/String;", module_name = "moduleName" "Ljava/lang/String;",
        module_version = "moduleVersion" "Ljava/lang/String;", method_name = "methodName" "Ljava/lang/String;",
        file_name = "fileName" "Ljava/lang/String;", line_number = "lineNumber" "I",
    }
    reference = "java/lang/ref/Reference" {
        referent = "referent" "Ljava/lang/Object;", queue = "queue" "Ljava/lang/ref/ReferenceQueue;",
        next = "next" "Ljava/lang/ref/Reference;", discovered = "discovered" "Ljava/lang/ref/Reference;",
    }
    soft_reference = "java/lang/ref/SoftReference" { timestamp = "timestamp" "J", clock = "clock" "J" }
    final_reference = "java/lang/ref/FinalReference" {}
    finalizer = "java/lang/ref/Finalizer" {}
    module = "java/lang/Module" {
        descriptor = "descriptor" "Ljava/lang/module/ModuleDescriptor;",
        loader = "loader" "Ljava/lang/ClassLoader;", name = "name" "Ljava/lang/String;", module_id = "moduleId" "I",
    }
    module_descriptor = "java/lang/module/ModuleDescriptor" {
        version = "version" "Ljava/lang/module/ModuleDescriptor$Version;", raw_version = "rawVersionString" "Ljava/lang/String;",
    }
    module_version = "java/lang/module/ModuleDescriptor$Version" { version = "version" "Ljava/lang/String;" }
    accessible_object = "java/lang/reflect/AccessibleObject" { override_ = "override" "Z" }
    field = "java/lang/reflect/Field" {
        clazz = "clazz" "Ljava/lang/Class;", slot = "slot" "I", name = "name" "Ljava/lang/String;", type_ = "type" "Ljava/lang/Class;",
        modifiers = "modifiers" "I", trusted_final = "trustedFinal" "Z", signature = "signature" "Ljava/lang/String;",
        annotations = "annotations" "[B",
    }
    method = "java/lang/reflect/Method" {
        clazz = "clazz" "Ljava/lang/Class;", slot = "slot" "I", name = "name" "Ljava/lang/String;",
        return_type = "returnType" "Ljava/lang/Class;", parameter_types = "parameterTypes" "[Ljava/lang/Class;",
        exception_types = "exceptionTypes" "[Ljava/lang/Class;", modifiers = "modifiers" "I",
        signature = "signature" "Ljava/lang/String;", annotations = "annotations" "[B",
        parameter_annotations = "parameterAnnotations" "[B", annotation_default = "annotationDefault" "[B",
    }
    constructor = "java/lang/reflect/Constructor" {
        clazz = "clazz" "Ljava/lang/Class;", slot = "slot" "I", parameter_types = "parameterTypes" "[Ljava/lang/Class;",
        exception_types = "exceptionTypes" "[Ljava/lang/Class;", modifiers = "modifiers" "I",
        signature = "signature" "Ljava/lang/String;", annotations = "annotations" "[B",
        parameter_annotations = "parameterAnnotations" "[B",
    }
    parameter = "java/lang/reflect/Parameter" {
        name = "name" "Ljava/lang/String;", modifiers = "modifiers" "I",
        executable = "executable" "Ljava/lang/reflect/Executable;", index = "index" "I",
    }
    record_component = "java/lang/reflect/RecordComponent" {
        clazz = "clazz" "Ljava/lang/Class;", name = "name" "Ljava/lang/String;", type_ = "type" "Ljava/lang/Class;",
        accessor = "accessor" "Ljava/lang/reflect/Method;", signature = "signature" "Ljava/lang/String;",
        annotations = "annotations" "[B", type_annotations = "typeAnnotations" "[B",
    }
    constant_pool = "jdk/internal/reflect/ConstantPool" { constant_pool_oop = "constantPoolOop" "Ljava/lang/Object;" }
    member_name = "java/lang/invoke/MemberName" {
        clazz = "clazz" "Ljava/lang/Class;", name = "name" "Ljava/lang/String;", type_ = "type" "Ljava/lang/Object;",
        flags = "flags" "I", method = "method" "Ljava/lang/invoke/ResolvedMethodName;",
        resolution = "resolution" "Ljava/lang/Object;", vmindex = "vmindex" "I",
    }
    resolved_method_name = "java/lang/invoke/ResolvedMethodName" { vmholder = "vmholder" "Ljava/lang/Class;", vmtarget = "vmtarget" "I" }
    method_handle = "java/lang/invoke/MethodHandle" {
        type_ = "type" "Ljava/lang/invoke/MethodType;", form = "form" "Ljava/lang/invoke/LambdaForm;",
    }
    var_handle = "java/lang/invoke/VarHandle" {}
    lambda_form = "java/lang/invoke/LambdaForm" { vmentry = "vmentry" "Ljava/lang/invoke/MemberName;" }
    method_type = "java/lang/invoke/MethodType" { rtype = "rtype" "Ljava/lang/Class;", ptypes = "ptypes" "[Ljava/lang/Class;" }
    call_site = "java/lang/invoke/CallSite" { target = "target" "Ljava/lang/invoke/MethodHandle;" }
    constant_call_site = "java/lang/invoke/ConstantCallSite" {}
    method_handle_natives = "java/lang/invoke/MethodHandleNatives" {}
    class_frame_info = "java/lang/ClassFrameInfo" { class_or_member_name = "classOrMemberName" "Ljava/lang/Object;", flags = "flags" "I" }
    stack_frame_info = "java/lang/StackFrameInfo" {
        name = "name" "Ljava/lang/String;", type_ = "type" "Ljava/lang/Object;", bci = "bci" "I",
        cont_scope = "contScope" "Ljdk/internal/vm/ContinuationScope;",
    }
    abstract_stack_walker = "java/lang/StackStreamFactory$AbstractStackWalker" { anchor = "anchor" "J" }
    stack_walker = "java/lang/StackWalker" {}
    assertion_directives = "java/lang/AssertionStatusDirectives" {
        classes = "classes" "[Ljava/lang/String;", class_enabled = "classEnabled" "[Z", packages = "packages" "[Ljava/lang/String;",
        package_enabled = "packageEnabled" "[Z", deflt = "deflt" "Z",
    }
    unsafe_constants = "jdk/internal/misc/UnsafeConstants" {
        address_size = "ADDRESS_SIZE0" "I", page_size = "PAGE_SIZE" "I", big_endian = "BIG_ENDIAN" "Z",
        unaligned_access = "UNALIGNED_ACCESS" "Z", cache_line_flush = "DATA_CACHE_LINE_FLUSH_SIZE" "I",
    }
    buffer = "java/nio/Buffer" { address = "address" "J", capacity = "capacity" "I", limit = "limit" "I", position = "position" "I" }
    boolean_box = "java/lang/Boolean" { value = "value" "Z" }
    character_box = "java/lang/Character" { value = "value" "C" }
    float_box = "java/lang/Float" { value = "value" "F" }
    double_box = "java/lang/Double" { value = "value" "D" }
    byte_box = "java/lang/Byte" { value = "value" "B" }
    short_box = "java/lang/Short" { value = "value" "S" }
    integer_box = "java/lang/Integer" { value = "value" "I" }
    long_box = "java/lang/Long" { value = "value" "J" }
    file_descriptor = "java/io/FileDescriptor" { fd = "fd" "I", handle = "handle" "J", append = "append" "Z" }
    null_pointer_exception = "java/lang/NullPointerException" { message_state = "extendedMessageState" "I" }
    arithmetic_exception = "java/lang/ArithmeticException" {}
    array_index_exception = "java/lang/ArrayIndexOutOfBoundsException" {}
    array_store_exception = "java/lang/ArrayStoreException" {}
    class_cast_exception = "java/lang/ClassCastException" {}
    negative_array_size = "java/lang/NegativeArraySizeException" {}
    illegal_monitor_state = "java/lang/IllegalMonitorStateException" {}
    illegal_argument = "java/lang/IllegalArgumentException" {}
    class_not_found = "java/lang/ClassNotFoundException" {}
    no_class_def_found = "java/lang/NoClassDefFoundError" {}
    exception_in_initializer = "java/lang/ExceptionInInitializerError" {}
    linkage_error = "java/lang/LinkageError" {}
    error = "java/lang/Error" {}
    internal_error = "java/lang/InternalError" {}
    out_of_memory = "java/lang/OutOfMemoryError" {}
    virtual_machine_error = "java/lang/VirtualMachineError" {}
    stack_overflow = "java/lang/StackOverflowError" {}
    thread_death = "java/lang/InterruptedException" {}
    bootstrap_method_error = "java/lang/BootstrapMethodError" {}
    cloneable = "java/lang/Cloneable" {}
    serializable = "java/io/Serializable" {}
    method_accessor = "jdk/internal/reflect/MethodAccessorImpl" {}
    constructor_accessor = "jdk/internal/reflect/ConstructorAccessorImpl" {}
    shutdown = "java/lang/Shutdown" {}
    signal = "jdk/internal/misc/Signal" {}
}

fn load_one<H: LinkHost>(universe: &Universe, host: &mut H, name: &str) -> Result<ClassId, H::Error> {
    let symbol = universe.sym(name)?;
    match universe.load_boot(host, symbol)? {
        Some(id) => Ok(id),
        None => Err(missing(format!("the class library has no class {name}")).into()),
    }
}

fn field_offset(universe: &Universe, id: ClassId, name: &str, descriptor: &str) -> Result<u32, LinkError> {
    let (name_symbol, descriptor_symbol) = (universe.sym(name)?, universe.sym(descriptor)?);
    match universe.class(id).find_declared_field(&universe.meta, name_symbol, descriptor_symbol) {
        Some(field) => Ok(field.offset),
        None => {
            if let Some(offset) = universe.injected_offset(id, name) {
                return Ok(offset);
            }
            let class = universe.str(universe.class(id).name).into_owned();
            Err(missing(format!("the class library's {class} has no field {descriptor} {name}")))
        }
    }
}

fn missing(message: String) -> LinkError {
    LinkError { kind: LinkErrorKind::NoClassDefFoundError, message }
}
