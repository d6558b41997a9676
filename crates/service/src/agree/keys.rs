//! A signer's secret key: a file of one line of hex that only its owner can read. It never enters
//! the book.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use handfast_model::Refusal;

use super::refuse;
use crate::book::cannot;

/// A secret key in memory; wiped when dropped.
pub struct Secret(SigningKey);

impl Secret {
    /// Makes a key and writes it to a new file; an existing one is never overwritten.
    pub fn create(path: &Path) -> Result<Secret, Refusal> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|error| refuse::no_randomness(&error.to_string()))?;
        let secret = Secret(SigningKey::from_bytes(&seed));
        if let Some(folder) = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty())
        {
            fs::create_dir_all(folder).map_err(|e| cannot("make", folder, &e))?;
        }
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let text = format!("{}\n", hex(&seed));
        seed.fill(0);
        let written = options.open(path).and_then(|mut file| {
            file.write_all(text.as_bytes())
                .and_then(|()| file.sync_all())
        });
        match written {
            Ok(()) => Ok(secret),
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                Err(refuse::key_is_there(path))
            }
            Err(error) => Err(cannot("write", path, &error)),
        }
    }

    /// A key that lies in no file: whoever makes it keeps it.
    pub fn new() -> Result<Secret, Refusal> {
        let mut seed = [0; 32];
        getrandom::fill(&mut seed).map_err(|error| refuse::no_randomness(&error.to_string()))?;
        let secret = Secret::of(&seed);
        seed.fill(0);
        Ok(secret)
    }

    /// The key of these bytes.
    pub fn of(seed: &[u8; 32]) -> Secret {
        Secret(SigningKey::from_bytes(seed))
    }

    /// The bytes of it, for whoever keeps it sealed.
    pub fn seed(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// Reads a key; refuses a file that others can read.
    pub fn open(path: &Path) -> Result<Secret, Refusal> {
        let text = fs::read_to_string(path).map_err(|_| refuse::no_key(path))?;
        #[cfg(unix)]
        {
            let meta = fs::metadata(path).map_err(|_| refuse::no_key(path))?;
            if std::os::unix::fs::MetadataExt::mode(&meta) & 0o077 != 0 {
                return Err(refuse::key_is_open(path));
            }
        }
        let seed = bytes::<32>(text.trim()).ok_or_else(|| refuse::no_key(path))?;
        Ok(Secret(SigningKey::from_bytes(&seed)))
    }

    /// The public key in hex.
    pub fn public(&self) -> String {
        hex(self.0.verifying_key().as_bytes())
    }

    /// Signs a text; the signature in hex.
    pub fn sign(&self, text: &str) -> String {
        hex(&self.0.sign(text.as_bytes()).to_bytes())
    }
}

/// Whether a signature in hex is that of this public key over this text.
pub fn is_signed(key: &str, text: &str, signature: &str) -> bool {
    let checked = || {
        let key = VerifyingKey::from_bytes(&bytes::<32>(key)?).ok()?;
        let signature = Signature::from_bytes(&bytes::<64>(signature)?);
        key.verify_strict(text.as_bytes(), &signature).ok()
    };
    checked().is_some()
}

/// Where a signer's key lies unless a path is given: in the user's folder of settings.
pub fn place(settings: &Path, book: &str, name: &str) -> PathBuf {
    let short = book.get(..12).unwrap_or(book);
    settings
        .join("handfast")
        .join("signers")
        .join(format!("{short}-{name}.key"))
}

/// Bytes as lower-case hex.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Lower-case hex of so many bytes; any other text is none.
fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut bytes = [0; N];
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    (hex(&bytes) == text).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 8032, 7.1, TEST 2.
    #[test]
    fn signatures_are_those_of_the_standard() {
        let seed = "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";
        let key = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
        let signature = "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
                         085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00";
        let secret = Secret(SigningKey::from_bytes(&bytes::<32>(seed).unwrap()));
        assert_eq!(secret.public(), key);
        assert_eq!(secret.sign("r"), signature);
        assert!(is_signed(key, "r", signature));
        assert!(!is_signed(key, "s", signature));
        assert!(!is_signed(key, "r", &signature.replace("92a0", "93a0")));
        assert!(!is_signed(key, "r", &signature.to_uppercase()));
        assert!(!is_signed(&"0".repeat(64), "r", signature));
    }

    #[test]
    fn a_key_is_read_back_and_never_written_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep").join("ann.key");
        let made = Secret::create(&path).unwrap();
        assert_eq!(Secret::open(&path).unwrap().public(), made.public());
        assert_eq!(Secret::create(&path).err().unwrap().code, "E0282");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = |mode| fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(
                fs::metadata(&path).unwrap().permissions().mode() & 0o777,
                0o600
            );
            mode(0o640);
            assert_eq!(Secret::open(&path).err().unwrap().code, "E0282");
            mode(0o600);
        }
        fs::write(&path, "00ff").unwrap();
        assert_eq!(Secret::open(&path).err().unwrap().code, "E0282");
    }
}
