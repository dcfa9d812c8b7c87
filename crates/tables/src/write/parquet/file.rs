//! The thread that brings encoded row groups into the file, while the next ones are encoded.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

use parquet::arrow::arrow_writer::ArrowColumnChunk;
use parquet::errors::ParquetError;
use parquet::file::writer::SerializedFileWriter;

use crate::write::pending::Out;

/// What the thread is told. Where it hears no end, it leaves the file without one.
enum Told {
    /// The columns of a row group.
    Group(Vec<ArrowColumnChunk>),
    End,
}

type Written = Result<Option<Out>, ParquetError>;

/// The file, in the hands of its thread.
pub(super) struct FileThread {
    /// `None` once nothing more can be told.
    tell: Option<SyncSender<Told>>,
    thread: Option<JoinHandle<Written>>,
}

impl FileThread {
    pub(super) fn start(writer: SerializedFileWriter<Out>) -> Result<FileThread, ParquetError> {
        // A row group waits while the one before it is written; a third would only take memory.
        let (tell, told) = sync_channel(0);
        let thread = std::thread::Builder::new()
            .name("parquet".to_owned())
            .spawn(move || write_all(writer, &told))
            .map_err(|error| ParquetError::External(Box::new(error)))?;
        Ok(FileThread { tell: Some(tell), thread: Some(thread) })
    }

    /// Hands a row group over, once the one before it is written.
    pub(super) fn append(&mut self, group: Vec<ArrowColumnChunk>) -> Result<(), ParquetError> {
        self.tell(Told::Group(group))
    }

    /// Ends the file.
    pub(super) fn finish(mut self) -> Result<Out, ParquetError> {
        self.tell(Told::End)?;
        self.join()?.ok_or_else(stopped)
    }

    fn tell(&mut self, message: Told) -> Result<(), ParquetError> {
        if self.tell.as_ref().is_some_and(|tell| tell.send(message).is_ok()) {
            return Ok(());
        }
        // It hears no more: it failed.
        self.join()?;
        Err(stopped())
    }

    fn join(&mut self) -> Written {
        self.tell = None;
        self.thread
            .take()
            .map_or_else(|| Err(stopped()), |thread| thread.join().unwrap_or_else(|_| Err(stopped())))
    }
}

impl Drop for FileThread {
    /// Waits until the thread has dropped the file, and so removed it.
    fn drop(&mut self) {
        if self.thread.is_some() {
            let _ = self.join();
        }
    }
}

fn write_all(mut writer: SerializedFileWriter<Out>, told: &Receiver<Told>) -> Written {
    let mut next = told.recv();
    loop {
        match next {
            Ok(Told::Group(columns)) => {
                let mut group = writer.next_row_group()?;
                for column in columns {
                    column.append_to_row_group(&mut group)?;
                }
                group.close()?;
                next = match told.try_recv() {
                    // The whole file goes to the disk at once.
                    Ok(Told::End) => Ok(Told::End),
                    waiting => {
                        // On the disk soon, so that little is left to wait for at the end.
                        writer.flush()?;
                        writer.inner().sync()?;
                        waiting.or_else(|_| told.recv())
                    }
                };
            }
            Ok(Told::End) => return writer.into_inner().map(Some),
            Err(_) => return Ok(None),
        }
    }
}

fn stopped() -> ParquetError {
    ParquetError::General("the thread that writes the file stopped at a fault of its own".to_owned())
}
