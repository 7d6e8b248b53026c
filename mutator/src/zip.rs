//! Writes zip files, honest ones and others: each field can be made to lie.
//!
//! Deliberately absent: packing. Whoever wants packed entries brings packed bytes.

use flate2::Crc;

/// An entry as the directory and its local header describe it. The fields are what is written, whatever the data are.
#[derive(Clone, Debug)]
pub struct ZipEntry {
    /// In the directory.
    pub name: Vec<u8>,
    /// In the local header.
    pub local_name: Vec<u8>,
    pub flags: u16,
    /// 0 for stored data, 8 for deflated ones.
    pub method: u16,
    pub data: Vec<u8>,
    pub packed: u32,
    pub size: u32,
    pub crc: u32,
    pub extra: Vec<u8>,
    pub comment: Vec<u8>,
    /// Where the local header is; none for where it really is.
    pub local: Option<u32>,
    /// In the directory only: its data are another entry's, or nowhere.
    pub without_data: bool,
}

impl ZipEntry {
    /// An honest entry that is not packed.
    pub fn stored(name: &str, data: &[u8]) -> ZipEntry {
        ZipEntry {
            name: name.into(),
            local_name: name.into(),
            flags: 0,
            method: 0,
            data: data.to_vec(),
            packed: data.len() as u32,
            size: data.len() as u32,
            crc: checksum(data),
            extra: Vec::new(),
            comment: Vec::new(),
            local: None,
            without_data: false,
        }
    }

    /// An entry with packed data that unpack to so many bytes, honest but for the checksum, which the caller knows.
    pub fn deflated(name: &str, packed: &[u8], size: u32) -> ZipEntry {
        ZipEntry { method: 8, size, ..ZipEntry::stored(name, packed) }
    }
}

/// The checksum of an entry that unpacks to these bytes.
pub fn checksum(data: &[u8]) -> u32 {
    let mut sum = Crc::new();
    sum.update(data);
    sum.sum()
}

/// The end of a zip file: what it says instead of the truth, and what stands around it.
#[derive(Clone, Debug, Default)]
pub struct ZipEnd {
    pub entries: Option<u16>,
    pub directory_bytes: Option<u32>,
    pub directory_offset: Option<u32>,
    pub comment: Vec<u8>,
    /// Instead of the comment's length.
    pub comment_len: Option<u16>,
    /// A 64-bit record with entries, size and offset of the directory.
    pub wide: Option<[u64; 3]>,
}

/// The file.
pub fn zip(entries: &[ZipEntry], end: &ZipEnd) -> Vec<u8> {
    let (mut file, mut directory) = (Vec::new(), Vec::new());
    for entry in entries {
        let at = file.len() as u32;
        let fields = |to: &mut Vec<u8>| {
            for value in [20, entry.flags, entry.method, 0, 0x21] {
                to.extend(u16::to_le_bytes(value));
            }
            for value in [entry.crc, entry.packed, entry.size] {
                to.extend(u32::to_le_bytes(value));
            }
        };
        if !entry.without_data {
            file.extend(b"PK\x03\x04");
            fields(&mut file);
            file.extend((entry.local_name.len() as u16).to_le_bytes());
            file.extend([0, 0]);
            file.extend(&entry.local_name);
            file.extend(&entry.data);
        }
        directory.extend(b"PK\x01\x02\x14\0");
        fields(&mut directory);
        for len in [entry.name.len(), entry.extra.len(), entry.comment.len()] {
            directory.extend((len as u16).to_le_bytes());
        }
        directory.extend([0; 8]);
        directory.extend(entry.local.unwrap_or(at).to_le_bytes());
        for part in [&entry.name, &entry.extra, &entry.comment] {
            directory.extend(part);
        }
    }
    let offset = file.len() as u32;
    file.extend(&directory);
    if let Some(wide) = end.wide {
        let at = file.len() as u64;
        file.extend(b"PK\x06\x06");
        file.extend(44_u64.to_le_bytes());
        file.extend([45, 0, 45, 0]);
        file.extend([0; 8]);
        for value in [wide[0], wide[0], wide[1], wide[2]] {
            file.extend(value.to_le_bytes());
        }
        file.extend(b"PK\x06\x07\0\0\0\0");
        file.extend(at.to_le_bytes());
        file.extend(1_u32.to_le_bytes());
    }
    file.extend(b"PK\x05\x06\0\0\0\0");
    let count = end.entries.unwrap_or(entries.len() as u16);
    file.extend([count.to_le_bytes(), count.to_le_bytes()].concat());
    file.extend(end.directory_bytes.unwrap_or(directory.len() as u32).to_le_bytes());
    file.extend(end.directory_offset.unwrap_or(offset).to_le_bytes());
    file.extend(end.comment_len.unwrap_or(end.comment.len() as u16).to_le_bytes());
    file.extend(&end.comment);
    file
}
