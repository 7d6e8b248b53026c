//! Names that linking itself looks for, interned once.

use carafe_gc::metaspace::{Metaspace, MetaspaceFull};

use crate::symbols::{Symbol, SymbolTable};

macro_rules! well_known {
    ($($field:ident = $text:literal,)*) => {
        /// Symbols of the names that linking compares with.
        #[derive(Clone, Copy, Debug)]
        pub struct WellKnown {
            $(#[doc = concat!("`", $text, "`")] pub $field: Symbol,)*
        }

        impl WellKnown {
            pub(crate) fn new(meta: &Metaspace, symbols: &SymbolTable) -> Result<WellKnown, MetaspaceFull> {
                Ok(WellKnown { $($field: symbols.intern(meta, $text.as_bytes())?,)* })
            }
        }
    };
}

well_known! {
    object = "java/lang/Object",
    class = "java/lang/Class",
    string = "java/lang/String",
    throwable = "java/lang/Throwable",
    cloneable = "java/lang/Cloneable",
    serializable = "java/io/Serializable",
    record = "java/lang/Record",
    class_loader = "java/lang/ClassLoader",
    module = "java/lang/Module",
    method_handle = "java/lang/invoke/MethodHandle",
    method_type = "java/lang/invoke/MethodType",
    var_handle = "java/lang/invoke/VarHandle",
    member_name = "java/lang/invoke/MemberName",
    resolved_method_name = "java/lang/invoke/ResolvedMethodName",
    reference = "java/lang/ref/Reference",
    soft_reference = "java/lang/ref/SoftReference",
    weak_reference = "java/lang/ref/WeakReference",
    final_reference = "java/lang/ref/FinalReference",
    phantom_reference = "java/lang/ref/PhantomReference",
    java_base = "java.base",
    init = "<init>",
    clinit = "<clinit>",
    finalize = "finalize",
    clone = "clone",
    void_signature = "()V",
    int_signature = "I",
    object_array_parameter_object = "([Ljava/lang/Object;)Ljava/lang/Object;",
}
